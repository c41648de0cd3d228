# Two stages: one that builds, one that runs what was built, as a user without rights.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY schemas ./schemas
COPY src ./src
RUN npm run build && npm prune --omit=dev

FROM node:24-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY --from=build /app/schemas ./schemas
COPY package.json LICENSE ./
USER node
EXPOSE 5000
# The receiver answers on PORT; a worker does where WORKER_PORT is set, and is asked there.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.WORKER_PORT || process.env.PORT || 5000}/health/live`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# One thread collects garbage, as `npm run up` has it (docs/performance.md).
ENTRYPOINT ["node", "--single-threaded-gc", "--max-semi-space-size=8", "dist/main.js"]
CMD ["serve"]
