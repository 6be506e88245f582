# One image for web, worker, beat and the mail catcher; docker-compose.yml says which command each runs.
FROM python:3.13-slim-bookworm AS packages
WORKDIR /srv/alongside
COPY requirements.txt .
RUN python -m venv .venv \
    && .venv/bin/python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt

FROM python:3.13-slim-bookworm
RUN useradd --system --uid 10001 --user-group --no-create-home --home-dir /nonexistent alongside \
    && install -d -o alongside -g alongside /var/lib/alongside
WORKDIR /srv/alongside
COPY --from=packages /srv/alongside/.venv .venv
COPY . .
ENV PATH=/srv/alongside/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DATA_DIR=/var/lib/alongside
USER alongside
VOLUME /var/lib/alongside
EXPOSE 8000
CMD ["python", "-m", "gunicorn", "-c", "python:config.web_server", "config.wsgi"]
