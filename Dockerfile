# One image; its command is the role: worker, tools, api, outside (the embedded outside world, for trying), cli.
FROM node:24-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The SDK brings its native part for every platform; one of them runs here.
RUN npm ci --omit=dev --ignore-scripts \
 && find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 ! -name "$(uname -m)-unknown-linux-gnu" -exec rm -rf {} + \
 && npm cache clean --force


FROM node:24-bookworm-slim
ENV NODE_ENV=production GOVERNOR_STATE_DIR=/var/lib/governor GOVERNOR_BUNDLE_DIR=/app/bundle
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY package.json ./
COPY contracts contracts
COPY keys keys
COPY agents agents
COPY models models
COPY activities activities
COPY workflows workflows
COPY tools tools
COPY outside outside
COPY client client
COPY prompts prompts
COPY examples examples
COPY workers workers
# Made while the image is built, so that a worker is ready in a second: one for payloads in clear, one for locked ones.
RUN node -e "import('/app/workers/bundle.ts').then(({ buildBundle }) => buildBundle('/app/bundle'))" \
 && node -e "Promise.all([import('/app/workers/bundle.ts'), import('/app/workers/payloads/converter.ts')]).then(([{ buildBundle }, { FAILURE_CONVERTER: failureConverterPath }]) => buildBundle('/app/bundle', { failureConverterPath }))"
RUN mkdir -p /var/lib/governor && chown node:node /var/lib/governor
USER node
ENTRYPOINT ["node"]
CMD ["workers/worker.ts"]
