# One image for web, worker and beat; docker-compose.yml says which is which.
FROM node:22-slim AS kit
WORKDIR /kit
COPY package.json package-lock.json .npmrc ./
RUN npm ci --silent

FROM python:3.13-slim
ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PATH=/opt/venv/bin:$PATH
# What customers are called, in every script: the paper's own font has Latin, Greek and Cyrillic.
RUN apt-get update && apt-get install --yes --no-install-recommends \
    fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji && rm -rf /var/lib/apt/lists/*
RUN python -m venv /opt/venv && useradd --system --home-dir /srv/ascora --shell /usr/sbin/nologin ascora
WORKDIR /srv/ascora
COPY requirements.lock ./
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes --only-binary :all: \
    --requirement requirements.lock
COPY --from=kit /kit/node_modules node_modules
COPY . .
# Collecting needs settings but no secret: these are made up, used once and kept nowhere.
RUN SECRET_KEY=$(python -c "import secrets; print(secrets.token_urlsafe(60))") \
    FIELD_ENCRYPTION_KEYS=build:$(python -c "import base64, os; print(base64.b64encode(os.urandom(32)).decode())") \
    python manage.py collectstatic --noinput && rm -rf node_modules
USER ascora
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s CMD python -c "import http.client, os, urllib.parse; \
    line = http.client.HTTPConnection('127.0.0.1', 8000, timeout=4); \
    host = urllib.parse.urlsplit(os.environ.get('SITE_URL', 'http://localhost')).hostname; \
    line.request('GET', '/healthz', headers={'Host': host, 'X-Forwarded-Proto': 'https'}); \
    raise SystemExit(line.getresponse().status != 200)"
CMD ["gunicorn", "ascora.wsgi", "--bind", "0.0.0.0:8000", "--workers", "3", "--threads", "4", "--graceful-timeout", "20", "--no-control-socket", "--worker-tmp-dir", "/dev/shm"]
