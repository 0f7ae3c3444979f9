// @mozilla/readability on jsdom as a filter: JSON lines {"id","url","html"} in, {"id","text","title","author","date"}
// out. A page that it gives up on counts as empty.
import { Readability } from "@mozilla/readability";
import { JSDOM, VirtualConsole } from "jsdom";
import { createInterface } from "node:readline";

const BLOCKS = new Set(
  ("ADDRESS ARTICLE ASIDE BLOCKQUOTE BR DD DIV DL DT FIGCAPTION FIGURE FOOTER H1 H2 H3 H4 H5 H6 HEADER HR LI MAIN NAV " +
    "OL P PRE SECTION TABLE TBODY TD TH THEAD TR UL").split(" "),
);

// The text of an element, a line for each block; `textContent` would glue the words of neighbours.
function linesOf(root) {
  const parts = [];
  const walk = (node) => {
    if (node.nodeType === 3) parts.push(node.data);
    const isBlock = BLOCKS.has(node.nodeName);
    if (isBlock) parts.push("\n");
    for (const child of node.childNodes) walk(child);
    if (isBlock) parts.push("\n");
  };
  walk(root);
  const lines = parts.join("").split("\n");
  return lines.map((line) => line.trim()).filter((line) => line !== "").join("\n");
}

function extract(html, url) {
  // Without scripts and without loading anything, as its documentation asks for.
  const dom = new JSDOM(html, { url: url || "https://localhost/", virtualConsole: new VirtualConsole() });
  try {
    const found = new Readability(dom.window.document, { serializer: (element) => element }).parse();
    if (!found) return { text: "" };
    return { text: linesOf(found.content), title: found.title, author: found.byline, date: found.publishedTime };
  } finally {
    dom.window.close();
  }
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const row = JSON.parse(line);
  let answer;
  try {
    answer = extract(row.html ?? "", row.url);
  } catch (error) {
    answer = { text: "", error: String(error).slice(0, 200) };
  }
  process.stdout.write(JSON.stringify({ id: row.id, ...answer }) + "\n");
}
