"""Settings, in the order a request meets them. Everything that differs between places comes from the environment."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from celery.schedules import crontab
from django.utils.csp import CSP

from config import environment as env

BASE_DIR = Path(__file__).resolve().parent.parent

# ---- Where and who we are ----

DEBUG = env.flag("DEBUG")
DEMO = env.flag("DEMO")
DEMO_PASSWORD = env.text("DEMO_PASSWORD", "alongside-demo")
SECRET_KEY = env.text("SECRET_KEY")
if len(SECRET_KEY) < 32:
    raise env.BadEnvironment("SECRET_KEY", "is too short. Give it at least 50 random characters.")
PORT = env.number("PORT", 8000, least=1)
_site = env.url("SITE_URL", f"http://localhost:{PORT}" if DEMO or DEBUG else None, schemes={"http", "https"})
SITE_URL = f"{_site.scheme}://{_site.netloc}"
if _site.scheme != "https" and not (DEMO or DEBUG):
    raise env.BadEnvironment("SITE_URL", "must begin with https:// outside DEMO and DEBUG.")
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS", "localhost,127.0.0.1" if DEMO or DEBUG else _site.hostname or "")
TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXY_COUNT", 0, most=10)
DATA_DIR = env.folder("DATA_DIR", BASE_DIR / ".data")
MEDIA_URL_BASE = env.text("MEDIA_URL_BASE", "")
IS_HTTPS = _site.scheme == "https"

# ---- Apps: each may import only those above it (pyproject.toml, import-linter) ----

INSTALLED_APPS = [
    "config",
    "accounts",
    "notifications",
    "cohorts",
    "applications",
    "pairs",
    "learning_log",
    "guides",
    "comments",
    "portal",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "accounts.admin_config.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",  # its templates, for TemplatesSetting
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.PrivatePagesMiddleware",
    "accounts.middleware.SessionLimitsMiddleware",
    "accounts.middleware.ReturningTextMiddleware",
    "accounts.middleware.SignInRequiredMiddleware",
    "accounts.middleware.StaffSecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "learning_log.middleware.one_reader_a_page",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context.frame",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
# The pack is crispy-bootstrap5; templates/bootstrap5/ puts our own field in its place (label, hint, error, control).
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# ---- Data, cache, sessions ----

DATABASES = {"default": env.database("DATABASE_URL")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

_redis = env.url("REDIS_URL", schemes={"redis", "rediss"})
REDIS_URL = f"{_redis.scheme}://{_redis.netloc}"
CACHES = {
    "default": {
        "BACKEND": "config.cache.FallbackRedisCache",
        "LOCATION": f"{REDIS_URL}/1",
        "OPTIONS": {"socket_connect_timeout": 0.3, "socket_timeout": 0.5},
        "KEY_PREFIX": "alongside",
    },
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "__Host-sessionid" if IS_HTTPS else "sessionid"
SESSION_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_AGE = 30 * 24 * 3600
SESSION_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# ---- People and sign-in ----

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.RolesAtOnce"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal:start"
LOGOUT_REDIRECT_URL = "portal:home"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.OwnWordsValidator"},
]
ACCOUNT_ADAPTER = "notifications.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_REQUIRED = {"password"}  # on a device not seen before: accounts.adapter
ACCOUNT_LOGIN_BY_CODE_TRUST_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 600
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "Alongside"
MFA_TOTP_TOLERANCE = 1  # steps of 30 s either way: a slow hand, a clock that is off (RFC 6238 §5.2)
ACCOUNT_FORMS = {
    "login": "accounts.signing_in.LoginForm",
    "request_login_code": "accounts.signing_in.RequestLoginCodeForm",
}
MFA_FORMS = {
    "authenticate": "accounts.second_factor.AuthenticateForm",
    "reauthenticate": "accounts.second_factor.ReauthenticateForm",
}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_HTTPS
MFA_TRUST_COOKIE_NAME = "__Host-known-device" if IS_HTTPS else "known-device"
MFA_TRUST_COOKIE_AGE = timedelta(days=180)
STAFF_SECOND_FACTOR_REQUIRED = not DEMO
SESSION_LIMITS = (timedelta(hours=12), timedelta(days=30))  # idle, absolute (docs/decisions/0006)
STAFF_SESSION_LIMITS = (timedelta(minutes=60), timedelta(hours=12))
USERSESSIONS_TRACK_ACTIVITY = False
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT

# ---- Language, time, static files ----

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English")]
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = env.private_folder(
    DATA_DIR / "media"
)  # private: no address leads to it but through a view that asks first
FILE_UPLOAD_HANDLERS = [
    "config.uploads.MeasuredUploads",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_TEMP_DIR = env.private_folder(DATA_DIR / "uploads")
FILE_UPLOAD_PERMISSIONS = 0o600

# ---- Mail: every message is first a row in the ledger (notifications) ----

DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Alongside <hello@alongside.example>" if DEMO or DEBUG else None)
MAIL_DOMAIN = DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ")
MAILERS = {
    "default": {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": env.mail_server("MAIL_URL", "smtp://127.0.0.1:1025" if DEMO or DEBUG else ""),
    },
}

# ---- Celery: wake-ups only ----

CELERY_BROKER_URL = f"{REDIS_URL}/0"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 1000
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 0.3,
    "socket_timeout": 5,
}
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "heartbeat": {"task": "config.tasks.stamp_heartbeat", "schedule": timedelta(minutes=1)},
    "sweep mail": {"task": "notifications.tasks.sweep", "schedule": timedelta(minutes=1)},
    "make copies": {"task": "learning_log.tasks.make_copies", "schedule": timedelta(minutes=1)},
    "clear copies": {"task": "learning_log.tasks.clear_copies", "schedule": timedelta(minutes=15)},
    "work on imports": {"task": "portal.tasks.work_on_imports", "schedule": timedelta(minutes=1)},
    "clear imports": {"task": "portal.tasks.clear_imports", "schedule": timedelta(hours=1)},
    "lapse offers": {"task": "applications.tasks.lapse_offers", "schedule": timedelta(minutes=5)},
    "let introductions lapse": {"task": "pairs.tasks.lapse_introductions", "schedule": timedelta(minutes=15)},
    "clear old sessions": {"task": "accounts.tasks.clear_sessions", "schedule": crontab(hour="3", minute="10")},
}

# ---- Security headers ----

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_HTTPS
SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXY_COUNT else None
X_FRAME_OPTIONS = "DENY"
CSRF_COOKIE_NAME = "__Host-csrftoken" if IS_HTTPS else "csrftoken"
CSRF_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "accounts.views.csrf_failure"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "media-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "object-src": [CSP.NONE],
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: [] for name in ("camera", "microphone", "geolocation", "payment", "usb", "interest-cohort")
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FORMS_URLFIELD_ASSUME_HTTPS = True
URLIZE_ASSUME_HTTPS = True

# ---- Logs: JSON, no local variables, no bodies, no addresses ----

LOGGING_CONFIG = "config.logs.configure"
LOGGING = {"debug": DEBUG}

# ---- Our own, with the unit in each name ----

INVITATION_MAX_AGE_DAYS = 21
INTRODUCTION_MAX_AGE_DAYS = 14
SESSION_REMINDER_LEAD_HOURS = 48
DIGEST_WEEKDAY = 0
DIGEST_HOUR_LOCAL = 8
