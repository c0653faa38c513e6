"""One settings file; the environment is read once, here. Every variable is described in
.env.example.
"""

from pathlib import Path

import django_stubs_ext
import environ
from django.core.exceptions import ImproperlyConfigured

from ascora.health.lines import lines

# Lets classes such as DecimalField[Any, Any] be written with their types at run time.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
env.read_env(BASE_DIR / ".env", overwrite=False)

# --- What kind of place is this ---------------------------------------------------------------
DEBUG = env.bool("DEBUG", default=False)
TESTING = env.bool("ASCORA_TESTING", default=False)
SITE_URL = env.str("SITE_URL", default="http://localhost:8000").rstrip("/")
IS_HTTPS = SITE_URL.startswith("https://")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1"])
CSRF_TRUSTED_ORIGINS = [SITE_URL]

WEAKEST_SECRET, FEWEST_CHARACTERS = 50, 10
_TEST_SECRET = "only-for-tests-and-never-served-to-anyone-0123456789abcdef"  # noqa: S105
SECRET_KEY = env.str("SECRET_KEY", default=_TEST_SECRET if TESTING else "")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
if (
    len(SECRET_KEY) < WEAKEST_SECRET
    or len(set(SECRET_KEY)) < FEWEST_CHARACTERS
    or SECRET_KEY.startswith("django-insecure")
):
    message = f"SECRET_KEY must be set to at least {WEAKEST_SECRET} unguessable characters."
    raise ImproperlyConfigured(message)

# Keys of the encrypted columns, newest first, each `id:base64 of 32 bytes` (`manage.py
# rotate_keys`).
FIELD_ENCRYPTION_KEYS = env.list(
    "FIELD_ENCRYPTION_KEYS",
    default=["test:" + "dGVzdC1rZXktdGVzdC1rZXktdGVzdC1rZXktMzJieXQ="] if TESTING else [],
)
if not FIELD_ENCRYPTION_KEYS:
    message = "FIELD_ENCRYPTION_KEYS must hold at least one key, as id:base64-of-32-bytes."
    raise ImproperlyConfigured(message)

# --- Rooms ------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "ascora.common.apps.ServedFilesConfig",
    "django.contrib.humanize",
    "django.forms",
    "django_htmx",
    "django_linear_migrations",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "ascora.common",
    "ascora.health",
    "ascora.tenancy",
    "ascora.history",
    "ascora.search",
    "ascora.chart",
    "ascora.outbox",
    "ascora.attachments",
    "inventory",
    "jobs",
    "payments",
    "integrations",
]
FIRST_PARTY_APPS = [
    app
    for app in INSTALLED_APPS
    if app.split(".")[0] in {"ascora", "inventory", "jobs", "payments", "integrations"}
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "ascora.tenancy.sessions.SessionLifeMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "ascora.tenancy.middleware.OrganizationMiddleware",
]

ROOT_URLCONF = "ascora.urls"
WSGI_APPLICATION = "ascora.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ascora.tenancy.context_processors.membership",
            ],
            "builtins": ["ascora.common.templatetags.ascora"],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Where things are kept ----------------------------------------------------------------------
DATABASES = {"default": env.db("DATABASE_URL", default="postgres://ascora@localhost:5432/ascora")}
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# A database that does not answer is told within seconds.
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.str("REDIS_URL", default="redis://localhost:6379/0")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"

# --- People -------------------------------------------------------------------------------------
AUTH_USER_MODEL = "tenancy.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_REDIRECT_URL = "/"
LOGIN_URL = "account_login"
REQUIRE_OWNER_MFA = env.bool("REQUIRE_OWNER_MFA", default=not (DEBUG or TESTING))
# Before users, bank details or the connection are changed the password is asked for once more.
REQUIRE_CONFIRMATION = env.bool("REQUIRE_CONFIRMATION", default=not (DEBUG or TESTING))
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = env.str("ACCOUNT_EMAIL_VERIFICATION", default="mandatory")
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_ADAPTER = "ascora.tenancy.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "signup": "ascora.tenancy.forms.SignupForm",
    "login": "ascora.tenancy.forms.LoginForm",
}
MFA_ADAPTER = "ascora.tenancy.adapter.FactorAdapter"
MFA_TOTP_ISSUER = "Ascora"
# How many proxies stand in front: X-Forwarded-For is believed that far, for rate limits by address.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_HTTPS
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "__Host-ascora" if IS_HTTPS else "ascora_session"
CSRF_COOKIE_NAME = "__Host-ascora-csrf" if IS_HTTPS else "ascora_csrf"

# --- Mail ---------------------------------------------------------------------------------------
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
# A page that shows the mail kept in files: for the demonstration, never on a real site.
SHOW_MAIL = env.bool("SHOW_MAIL", default=False) and "filebased" in EMAIL_CONFIG["EMAIL_BACKEND"]
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Ascora <no-reply@localhost>")
# Who runs this installation; written to when the month's reads run low. Empty: nobody.
OPERATOR_EMAIL = env.str("OPERATOR_EMAIL", default="")

# --- Words, places, files -----------------------------------------------------------------------
LANGUAGE_CODE = "en-au"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False
DATE_FORMAT = "j M Y"
TIME_FORMAT = "g:i a"
DATETIME_FORMAT = "j M Y, g:i a"
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    *(
        [("kit", BASE_DIR / "node_modules" / "@tabler" / "core" / "dist")]
        if (BASE_DIR / "node_modules" / "@tabler" / "core" / "dist").is_dir()
        else []
    ),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG or TESTING

# --- Safety on the wire -------------------------------------------------------------------------
SECURE_SSL_REDIRECT = IS_HTTPS
# Probes and scrapers come over the inner network, without the proxy that speaks HTTPS.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_HTTPS else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "style-src": ["'self'"],
        "script-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        # The press on "Connect to QuickBooks" is a form whose answer leads to the package's own
        # pages.
        "form-action": ["'self'"],
    }
}

# --- The doorbell (Celery) ----------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
# Every worker serves both in turn; people who wait at a screen, and the clock, use the second.
CELERY_TASK_DEFAULT_QUEUE, PROMPT_QUEUE = "celery", "prompt"
CELERY_TASK_QUEUES = {
    name: {"exchange": name, "routing_key": name}
    for name in (CELERY_TASK_DEFAULT_QUEUE, PROMPT_QUEUE)
}
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 270
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "unacked_restore_throttle": 1,
    # A request that rings while Redis is away must not wait for it: the clock finds the work.
    "socket_connect_timeout": 1,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.1,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
# Beat only rings: due work is found and claimed in PostgreSQL, so a second beat does no harm.
CELERY_BEAT_SCHEDULE = {
    "look-for-due-work": {
        "task": "integrations.tasks.look_for_due_work",
        "schedule": max(1.0, 5.0 / env.float("ENGINE_SPEED", default=1.0)),
        "options": {"expires": 30, "queue": PROMPT_QUEUE},
    },
}
# A worker that takes nothing up for so long, while work waits, ends and is started anew.
WATCHDOG_SECONDS = env.float("WATCHDOG_SECONDS", default=60.0)
# The bell that ascora.outbox rings when a transaction with a recorded change has committed.
OUTBOX_DOORBELL = "integrations.tasks.ring_for_outbox"
# The bell that a letter rings when it is kept.
MAIL_DOORBELL = "integrations.tasks.ring_for_mail"

# --- Words that a lower storey asks of a higher one, by dotted path ------------------------------
# Each is called with a new organization, inside its transaction.
ORGANIZATION_PREPARERS = ["payments.services.prepare_organization"]
# Called with an organization and a day; the tax on taxed lines in per cent.
TAX_PERCENT_SOURCE = "payments.selectors.tax_percent_for"
# Called with the lines of a supplier invoice that was changed; makes the shares of jobs fit.
SUPPLIER_INVOICE_SHARES = "jobs.services.fit_allocations"
# Called with an organization; the last day that is closed in its books, or None.
BOOKS_CLOSED_UNTIL_SOURCE = "payments.selectors.books_closed_until"
# Called with an organization; the first day whose documents are sent to its books, or None.
BOOKS_BEGIN_ON_SOURCE = "integrations.selectors.books_begin_on"
# Called with a supplier and the number of an invoice of it; where else that is entered, in words.
SUPPLIER_NUMBER_ELSEWHERE = "jobs.services.expense_with_number"

# --- The engine ---------------------------------------------------------------------------------
# Divides every waiting time of the engine (quarantine of unknown outcomes, debounce, backoff). 1 in
# production.
ENGINE_SPEED = env.float("ENGINE_SPEED", default=1.0)
# Every worker waits its turn, so that a company's allowance is not overrun.
PACES_REQUESTS = env.bool("PACES_REQUESTS", default=True)
# Tests kill a worker at one of the points k1 to k8 of a push. Never in production.
CRASH_AT = env.str("ASCORA_CRASH_AT", default="") if DEBUG or TESTING else ""
QUICKBOOKS = {
    "environment": env.str("QUICKBOOKS_ENVIRONMENT", default="sandbox"),
    "client_id": env.str("QUICKBOOKS_CLIENT_ID", default=""),
    "client_secret": env.str("QUICKBOOKS_CLIENT_SECRET", default=""),
    "webhook_verifiers": env.list("QUICKBOOKS_WEBHOOK_VERIFIER", default=[]),
    "discovery_url": env.str("QUICKBOOKS_DISCOVERY_URL", default=""),
    "api_url": env.str("QUICKBOOKS_API_URL", default="").rstrip("/"),
    "speed": ENGINE_SPEED,
    # What the plan at Intuit allows all companies together; the free one blocks what is beyond.
    "reads_per_month": env.int("QUICKBOOKS_READS_PER_MONTH", default=500_000),
}
# Each package that can be connected: its provider's class and the settings it is made from.
ACCOUNTING_PROVIDERS = {
    "quickbooks": ("integrations.quickbooks.provider.QuickBooksProvider", QUICKBOOKS),
}
if QUICKBOOKS["environment"] not in {"production", "sandbox", "simulator"}:
    message = "QUICKBOOKS_ENVIRONMENT must be production, sandbox or simulator."
    raise ImproperlyConfigured(message)
if (
    QUICKBOOKS["environment"] == "simulator"
    and not TESTING
    and not (QUICKBOOKS["discovery_url"] and QUICKBOOKS["api_url"])
):
    message = (
        "QUICKBOOKS_ENVIRONMENT=simulator needs QUICKBOOKS_DISCOVERY_URL and QUICKBOOKS_API_URL."
    )
    raise ImproperlyConfigured(message)

# --- What a scraper may read --------------------------------------------------------------------
# Opens /metrics as a bearer token; without one only this machine itself may read it.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
WEAKEST_METRICS_TOKEN = 32
if METRICS_TOKEN and len(METRICS_TOKEN) < WEAKEST_METRICS_TOKEN:
    message = f"METRICS_TOKEN must have at least {WEAKEST_METRICS_TOKEN} characters, or be empty."
    raise ImproperlyConfigured(message)

# --- What is written down -----------------------------------------------------------------------
# JSON lines of an allow-list: ids and outcomes, never a name, an amount or a token.
LOGGING = lines(env.str("LOG_LEVEL", default="INFO"))
