// Bundles what readers and the desk load into static/dist, with names that change with their content.
import { build } from "esbuild";
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const fresh = join(here, "dist.new");
const target = join(here, "dist");

// What a page loads. Everything else in these folders is imported by one of them.
const entryPoints = ["css/site.css", "css/desk.css", "js/theme.js", "js/site.js", "js/desk.js", "js/editor.js", "js/charts.js"].map((name) => join(here, name));

rmSync(fresh, { recursive: true, force: true });
mkdirSync(fresh, { recursive: true });
const { metafile } = await build({
  entryPoints,
  outdir: fresh,
  entryNames: "[name].[hash]",
  assetNames: "[name].[hash]",
  loader: { ".svg": "file", ".png": "file" },
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2022", "chrome111", "firefox115", "safari16.4"],
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
});

const manifest = Object.fromEntries(
  Object.entries(metafile.outputs)
    .filter(([, output]) => output.entryPoint)
    .map(([file, output]) => [basename(output.entryPoint), basename(file)]),
);
writeFileSync(join(fresh, "manifest.json"), `${JSON.stringify(manifest, null, 1)}\n`);
rmSync(target, { recursive: true, force: true });
renameSync(fresh, target);
console.log(`bundled ${Object.keys(manifest).length} files`);
