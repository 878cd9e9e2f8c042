# The workers of Baton, for a Temporal cluster and a PostgreSQL that run elsewhere (see docker-compose.yml).
FROM python:3.12-slim
WORKDIR /app
# Locked and hashed; --no-deps because rapidocr would pull in the OpenCV that needs a display.
COPY requirements.lock ./
RUN pip install --no-cache-dir --no-deps --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY src src
RUN pip install --no-cache-dir --no-deps --no-build-isolation .
COPY workflows workflows
COPY agents agents
COPY activities activities
COPY policies policies
COPY samples samples
RUN useradd --create-home baton && mkdir /data && chown baton /data
USER baton
ENV BATON_PROJECT=/app BATON_HOME=/data PYTHONUNBUFFERED=1
VOLUME /data
CMD ["baton", "up"]
