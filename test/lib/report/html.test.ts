import { describe, expect, it } from "vitest";
import { escapeHtml, html, inlineJson, trusted } from "../../../lib/report/html.js";

describe("html", () => {
  it("escapes every inserted text, in text and in attributes", () => {
    const evil = `<script>alert('1')</script>"><img onerror=x>&\``;
    expect(html`<p title="${evil}">${evil}</p>`.text).toBe(`<p title="${escapeHtml(evil)}">${escapeHtml(evil)}</p>`);
    expect(escapeHtml(evil)).toBe(
      "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&quot;&gt;&lt;img onerror=x&gt;&amp;&#96;",
    );
  });

  it("leaves its own markup alone, joins lists, and shows nothing for null", () => {
    expect(
      html`<ul>${["<", "b"].map((item) => html`<li>${item}</li>`)}${null}${undefined}${5}${[["x"]]}</ul>`.text,
    ).toBe("<ul><li>&lt;</li><li>b</li>5x</ul>");
    expect(html`${trusted("<b>")}`.text).toBe("<b>");
  });

  it("replaces characters that HTML forbids", () => {
    expect(escapeHtml("a\u0000b\u001bc\u0085d\ud800e\tf\n")).toBe("a\ufffdb\ufffdc\ufffdd\ufffde\tf\n");
    expect(escapeHtml("😀")).toBe("😀");
  });
});

describe("inlineJson", () => {
  it("can end no script element and no line, and reads back as it was", () => {
    const value = { text: "</script><!--<script>&\u2028\u2029\ud800", n: [1, null] };
    const { text } = inlineJson(value);
    expect(text).not.toMatch(/[<>&\u2028\u2029\ud800]/);
    expect(JSON.parse(text)).toEqual(value);
  });
});
