# hotdash and its embedded Hot API in one container; docs/operating.md says how to run it

FROM python:3.11-slim-bookworm AS build
WORKDIR /opt/hotdash
COPY requirements.lock ./
# pip stays outside: what runs cannot install
RUN python -m venv --without-pip /opt/venv \
    && python -m pip --python /opt/venv install --quiet --no-cache-dir --disable-pip-version-check \
       --require-hashes --only-binary :all: -r requirements.lock
COPY . ./
# static files and bytecode are made here, since the tree is read-only where it runs; the secret
# that settings generate stays in a directory that no image has
RUN HOTDASH_DATA_DIR="$(mktemp -d)" /opt/venv/bin/python -m hotdash.first_start collect \
    && /opt/venv/bin/python -m compileall -q hotdash \
    && chmod -R u=rwX,go=rX /opt/hotdash /opt/venv

FROM python:3.11-slim-bookworm
COPY --from=build /opt /opt
RUN install -d -m 0700 -o 10001 -g 10001 /data
WORKDIR /opt/hotdash
# the dashboard listens on every address of the container, the API inside on loopback alone
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    HOTDASH_HOST=0.0.0.0 \
    HOTDASH_DATA_DIR=/data
VOLUME /data
EXPOSE 4680
# a number, so that an engine can tell that it is not root
USER 10001:10001
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["python", "-m", "hotdash.host.healthcheck"]
CMD ["python", "-m", "hotdash.up"]
