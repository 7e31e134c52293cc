# One image; its command is the role: worker, tools, api, ui, outside (the embedded outside world, for trying), cli.
FROM node:24-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# What runs here, and nothing that only compiles or documents it. Licences stay.
RUN npm ci --omit=dev --ignore-scripts \
 && find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 ! -name "$(uname -m)-unknown-linux-gnu" -exec rm -rf {} + \
 && rm -rf node_modules/@temporalio/core-bridge/sdk-core \
 && find node_modules -type f \( -name '*.map' -o -name '*.ts' -o -name '*.mts' -o -name '*.cts' -o -name '*.rs' -o -iname '*.md' \) ! -iname 'licen[cs]e*' -delete \
 && npm cache clean --force


# Made while the image is built, so that a worker is ready in a second: one for payloads in clear, one for locked ones.
FROM node:24-bookworm-slim AS bundle
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY package.json ./
COPY contracts contracts
COPY agents agents
COPY workflows workflows
COPY workers workers
RUN node workers/bundle-image.ts /app/bundle


# Nothing compiles in a container that runs.
FROM packages AS lean
RUN rm -rf node_modules/@swc/core-*


FROM node:24-bookworm-slim
ENV NODE_ENV=production GOVERNOR_STATE_DIR=/var/lib/governor GOVERNOR_BUNDLE_DIR=/app/bundle
WORKDIR /app
# Whoever the container runs as may write here: a volume on it begins as it is in the image.
RUN mkdir -p /var/lib/governor && chown node:node /var/lib/governor && chmod 1777 /var/lib/governor
COPY --from=lean /app/node_modules node_modules
COPY --from=bundle /app/bundle bundle
COPY package.json ./
COPY contracts contracts
COPY keys keys
COPY agents agents
COPY models models
COPY telemetry telemetry
COPY activities activities
COPY workflows workflows
COPY tools tools
COPY outside outside
COPY client client
COPY prompts prompts
COPY examples examples
COPY workers workers
USER node
ENTRYPOINT ["node"]
CMD ["workers/worker.ts"]
