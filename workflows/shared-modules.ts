import '../agents/index.ts';

/**
 * Loaded once for all cases of a worker: agents, contracts and zod. Each case would otherwise spend milliseconds and
 * megabytes on evaluating its own.
 *
 * The SDK freezes what cases share, as deep as it can reach, and that breaks zod, whose schemas and patterns remember in
 * themselves what they have worked out. It stops at what is frozen already, so the exports of these modules are frozen
 * here, and nothing behind them. What a schema remembers depends on the schema alone, so no case learns of another.
 */
declare const __webpack_modules__: Readonly<Record<string, unknown>>;
declare const __webpack_module_cache__: Readonly<Record<string, { readonly exports: object } | undefined>>;

const SHARED = /\/(agents|contracts|node_modules\/(zod|@noble|canonicalize))\//;

for (const id of Object.keys(__webpack_modules__).filter((each) => SHARED.test(each))) {
  const shared = __webpack_module_cache__[id];
  if (shared) Object.freeze(shared.exports);
}
