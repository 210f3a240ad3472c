import pytest

from hotdash.gateway.base_url import BadBaseUrl, parse_base_url


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("https://api.hot.dev", ("https://api.hot.dev", "")),
        ("https://api.hot.dev/", ("https://api.hot.dev", "")),
        (" https://API.Hot.dev:443/v1/ ", ("https://api.hot.dev", "/v1")),
        ("https://api.hot.dev/api/v1", ("https://api.hot.dev", "/api/v1")),
        ("http://localhost:4681", ("http://localhost:4681", "")),
        ("http://localhost:80/v1", ("http://localhost", "/v1")),
        ("http://hot_api:4681", ("http://hot_api:4681", "")),
        ("http://[0:0:0:0:0:0:0:1]:4681", ("http://[::1]:4681", "")),
        ("http://127.1:4681", ("http://127.1:4681", "")),
        ("https://hot.example.", ("https://hot.example", "")),
    ],
)
def test_an_address_is_stored_in_one_form(text: str, read: tuple[str, str]) -> None:
    assert parse_base_url(text) == read


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "starts with https"),
        ("api.hot.dev", "starts with https"),
        ("localhost:4681", "starts with https"),
        ("ftp://api.hot.dev", "starts with https"),
        ("file:///etc/passwd", "starts with https"),
        ("javascript:alert(1)", "starts with https"),
        ("https:api.hot.dev", "starts with https"),
        ("https://", "no host"),
        ("https:///v1", "no host"),
        ("https://user@api.hot.dev", "no user name"),
        ("https://user:pass@api.hot.dev", "no user name"),
        ("https://@api.hot.dev", "no user name"),
        ("https://api.hot.dev?x=1", "no ? and no #"),
        ("https://api.hot.dev/v1?", "no ? and no #"),
        ("https://api.hot.dev#x", "no ? and no #"),
        ("http://h\\@e/", "no spaces, backslashes"),
        ("https://api.hot.dev\\v1", "no spaces, backslashes"),
        ("https://api.hot.dev/\r\nX: y", "no spaces, backslashes"),
        ("https://api .hot.dev", "no spaces, backslashes"),
        ("https://api.hot.dev\x00", "no spaces, backslashes"),
        ("https://%31%32%37.0.0.1", "no % signs"),
        ("https://[fe80::1%25eth0]", "no % signs"),
        ("https://[::1", "number from 1 to 65535"),
        ("https://[nonsense]", "number from 1 to 65535"),
        ("https://api.hot.dev:", "number from 1 to 65535"),
        ("https://api.hot.dev:0", "number from 1 to 65535"),
        ("https://api.hot.dev:65536", "number from 1 to 65535"),
        ("https://api.hot.dev:4681x", "number from 1 to 65535"),
        ("https://hôt.dev", "ASCII form"),
        ("https://-hot.dev", "letters, digits"),
        ("https://hot!.dev", "letters, digits"),
        ("https://api.hot.dev/v2", "nothing else"),
        ("https://api.hot.dev/v1/runs", "nothing else"),
        ("https://api.hot.dev/../v1", "nothing else"),
        ("https://api.hot.dev/%76%31", "nothing else"),
    ],
)
def test_anything_but_scheme_host_port_and_prefix_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(BadBaseUrl) as caught:
        parse_base_url(text)
    assert sentence in str(caught.value)
    assert str(caught.value).endswith(".")
