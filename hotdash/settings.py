"""Settings of the dashboard; local or production by HOTDASH_PUBLIC_URL alone."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from hotdash.host import cache, database, environment, keyring, logs, places

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = environment.data_dir()

# --- Where it is reached -------------------------------------------------------------------------
PUBLIC_URL = places.public_url()  # "" is local mode
IS_PUBLIC = bool(PUBLIC_URL)
DEBUG = places.is_debug()
LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = [urlsplit(PUBLIC_URL).hostname] if IS_PUBLIC else LOCAL_HOSTS
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if IS_PUBLIC else []
TRUSTED_PROXIES = environment.number("HOTDASH_TRUSTED_PROXIES")
EMBEDDED_ORIGIN = places.embedded_origin()
ROOT_URLCONF = "hotdash.urls"

# --- Secrets -------------------------------------------------------------------------------------
SECRET_KEY = keyring.load_secret(
    "HOTDASH_SECRET_KEY", DATA_DIR / "secret-key", may_generate=not IS_PUBLIC
)
KEY_RING = keyring.load_ring("HOTDASH_KEYS", DATA_DIR / "keys", may_generate=not IS_PUBLIC)

# --- What it is made of --------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "template_partials.apps.SimpleAppConfig",  # its loader is written out below
    "allauth",
    "allauth.account",
    "allauth.usersessions",
    "hotdash.accounts",
    "hotdash.orgs",
    "hotdash.credentials",
    "hotdash.audit",
    "hotdash.guard",
    "hotdash.live",
    "hotdash.kit",
]
MIDDLEWARE = [
    "hotdash.host.access_log.AccessLog",
    # outermost: what must be on every answer, refusals and static files included
    "hotdash.guard.headers.PrivateAnswers",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "hotdash.guard.hosts.KnownHosts",
    "hotdash.guard.queries.ShortQueries",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "hotdash.kit.compression.CompressedPages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "hotdash.guard.identity.SignInFirst",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "hotdash.guard.keyless.KeylessPages",
    "hotdash.guard.confirming.PasswordFirst",
    "hotdash.kit.error_pages.DesignedFailures",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            # no app directories: a template of a package is never served by accident
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            ["hotdash.kit.compact_templates.Loader"],
                        )
                    ],
                )
            ],
            "builtins": [
                "django.templatetags.static",
                "template_partials.templatetags.partials",
                "hotdash.kit.templatetags.kit",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "hotdash.guard.shell.shell",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Where it keeps things -----------------------------------------------------------------------
_SQLITE: dict[str, Any] = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": DATA_DIR / "hotdash.sqlite3",
    "OPTIONS": {
        "transaction_mode": "IMMEDIATE",
        "timeout": 10,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    },
}
_DATABASE_URL = environment.text("DATABASE_URL")
DATABASES = {
    # pages run on threads that live as long as the process, so a connection may too
    "default": (database.postgres("DATABASE_URL", _DATABASE_URL) if _DATABASE_URL else _SQLITE)
    | {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}
}
CACHES = {"default": cache.backend()}
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = ["hotdash.kit.static_files.JoinedFiles"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
FILE_UPLOAD_PERMISSIONS = 0o600

# --- Answers -------------------------------------------------------------------------------------
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES > 0 else None
USE_X_FORWARDED_HOST = False
SECURE_SSL_REDIRECT = IS_PUBLIC
SECURE_SSL_HOST = urlsplit(PUBLIC_URL).netloc or None
SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$"]  # asked from beside it, past the proxy
SECURE_HSTS_SECONDS = 31_536_000 if IS_PUBLIC else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_REFERRER_POLICY = "same-origin"
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # whether HSTS covers subdomains is the operator's choice
    "security.W021",  # and so is preloading
]
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- Sessions and forms --------------------------------------------------------------------------
SESSION_ENGINE = "django.contrib.sessions.backends.db"  # a session ended is ended in every process
SESSION_COOKIE_NAME = "__Host-hotdash" if IS_PUBLIC else "hotdash_session"
CSRF_COOKIE_NAME = "__Host-hotdash-csrf" if IS_PUBLIC else "hotdash_csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_PUBLIC
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True  # the token is in <body hx-headers>
SESSION_COOKIE_AGE = 7 * 86_400
CSRF_FAILURE_VIEW = "hotdash.kit.error_pages.csrf_failure"

# --- Signing in ----------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {"user_attributes": ("name", "email")}),
        ("MinimumLengthValidator", {"min_length": 10}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home:index"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
PASSWORD_RESET_TIMEOUT = 3600
SIGNUP = places.signup_mode()
ACCOUNT_ADAPTER = "hotdash.accounts.adapter.Adapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_FORMS = {
    "login": "hotdash.accounts.forms.SignIn",
    "signup": "hotdash.accounts.forms.SignUp",
    "reset_password_from_key": "hotdash.accounts.forms.SetPassword",
    "reauthenticate": "hotdash.accounts.forms.SamePassword",
    "change_password": "hotdash.accounts.forms.NewPassword",
}
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_EMAIL_VERIFICATION = "none"  # no mail is configured, so no address can be proven
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {
    "login": "10/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "signup": "10/m/ip",
    "reset_password_from_key": "10/m/ip",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
USERSESSIONS_TRACK_ACTIVITY = False  # a write for every page
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES

# --- Logs ----------------------------------------------------------------------------------------
LOGGING = logs.configuration()
