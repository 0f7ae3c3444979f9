//! Pages made by code: the furniture of a newspaper's site around a story, and what attackers send.

use std::fmt::Write as _;

/// A small fixed generator (xorshift), so that each run measures the same pages.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound.max(1) as u64) as usize
    }

    /// A word of a vocabulary of 60,000, the common ones far more often.
    fn word(&mut self, text: &mut String) {
        let mut rest = (60_000f64.powf(self.below(1_000_000) as f64 / 1_000_000.0)) as usize + 7;
        while 0 < rest {
            text.push((b'a' + (rest % 26) as u8) as char);
            text.push(b"aeiou"[rest % 5] as char);
            rest /= 26;
        }
    }

    fn words(&mut self, count: usize) -> String {
        let mut text = String::new();
        for at in 0..count {
            if at > 0 {
                text.push(' ');
            }
            self.word(&mut text);
        }
        text
    }

    fn headline(&mut self) -> String {
        let count = 6 + self.below(6);
        let mut text = self.words(count);
        text[..1].make_ascii_uppercase();
        text
    }

    /// Sentences with a link, bold words and quotes now and then.
    fn paragraph(&mut self) -> String {
        let mut text = String::new();
        for _ in 0..2 + self.below(4) {
            let sentence = self.headline();
            match self.below(8) {
                0 => write!(
                    text,
                    "{sentence}, <a href=\"/topic/{}\">{}</a>. ",
                    self.below(900),
                    self.words(2)
                ),
                1 => write!(text, "&ldquo;{sentence},&rdquo; <b>{}</b> said. ", self.words(2)),
                _ => write!(text, "{sentence}, {}. ", self.words(9)),
            }
            .unwrap_or_default();
        }
        text
    }
}

/// A page of about this many bytes. A quarter of what is left after the furniture is story and teasers, the rest is
/// what browsers run, as on real sites.
pub(crate) fn page(dice: &mut Dice, bytes: usize) -> String {
    let headline = dice.headline();
    let mut page = format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{headline} | The Daily Tide</title>\
         <meta property=\"og:title\" content=\"{headline}\"><meta property=\"og:site_name\" content=\"The Daily Tide\">\
         <meta property=\"article:published_time\" content=\"2026-02-17T10:11:12Z\">\
         <script type=\"application/ld+json\">{{\"@type\":\"NewsArticle\",\"headline\":\"{headline}\",\
         \"datePublished\":\"2026-02-17T10:11:12Z\",\"author\":{{\"name\":\"Ana Lim\"}}}}</script>"
    );
    for at in 0..25 {
        let _ = write!(
            page,
            "<link rel=\"preload\" as=\"script\" href=\"/static/chunk-{at}.js\">\n<meta name=\"x-{at}\" content=\"{at}\">\n"
        );
    }
    script(dice, &mut page, bytes * 3 / 10);
    page.push_str("</head>\n<body class=\"page page--article\">\n");
    menu(dice, &mut page);
    let _ = writeln!(
        page,
        "<main id=\"main\"><article class=\"article c-article\"><header><h1 class=\"c-article__title\">{headline}</h1>\
         <p class=\"c-byline\">By <a rel=\"author\" href=\"/author/ana-lim\">Ana Lim</a></p>\
         <time datetime=\"2026-02-17T10:11:12Z\">17 February 2026</time></header><div class=\"c-article__body\">"
    );
    let story = bytes / 14;
    let start = page.len();
    while page.len() - start < story {
        let _ = match dice.below(12) {
            0 => writeln!(page, "<h2>{}</h2>", dice.headline()),
            1 => writeln!(
                page,
                "<figure class=\"c-figure\"><img data-src=\"/img/{}.jpg\" alt=\"\"><figcaption>{}</figcaption></figure>",
                dice.below(9_999),
                dice.headline()
            ),
            2 => writeln!(
                page,
                "<aside class=\"related\"><h3>Read also</h3><ul><li><a href=\"/news/{}\">{}</a></li></ul></aside>",
                dice.below(9_999),
                dice.headline()
            ),
            _ => writeln!(
                page,
                "    <p class=\"c-article__text\" data-testid=\"paragraph\">{}</p>",
                dice.paragraph()
            ),
        };
    }
    page.push_str("</div></article>\n");
    teasers(dice, &mut page, bytes / 6);
    page.push_str("</main><footer class=\"footer\"><p>&copy; 2026 The Daily Tide. All rights reserved.</p></footer>\n");
    let left = bytes.saturating_sub(page.len());
    script(dice, &mut page, left);
    page.push_str("</body></html>");
    page
}

fn script(dice: &mut Dice, page: &mut String, bytes: usize) {
    let end = page.len() + bytes;
    while page.len() < end {
        page.push_str("<script nonce=\"x\">");
        let part = (page.len() + 20_000).min(end);
        while page.len() < part {
            let _ = write!(
                page,
                "window.{0}=window.{0}||[];if(a<b&&c>d){{{0}.push({{\"{1}\":\"<div class='{0}'>\"}})}};",
                dice.words(1),
                dice.words(1)
            );
        }
        page.push_str("</script>\n");
    }
}

fn menu(dice: &mut Dice, page: &mut String) {
    page.push_str("<nav class=\"main-nav\"><ul class=\"nav__list\">\n");
    for _ in 0..12 {
        let _ = write!(
            page,
            "<li class=\"nav__item\"><a class=\"nav__link\" href=\"/{0}\"><svg viewBox=\"0 0 24 24\"><path d=\"M0 0h24v24H0z\"/></svg><span>{0}</span></a><ul class=\"nav__sub\">",
            dice.words(1)
        );
        for _ in 0..5 {
            let _ = writeln!(
                page,
                "<li><a href=\"/{0}\" data-track='{{\"area\":\"nav\"}}'>{0}</a></li>",
                dice.words(1)
            );
        }
        page.push_str("</ul></li>\n");
    }
    page.push_str("</ul></nav>\n");
}

fn teasers(dice: &mut Dice, page: &mut String, bytes: usize) {
    let end = page.len() + bytes;
    page.push_str("<section class=\"teasers\"><h2>More from News</h2>\n");
    while page.len() < end {
        let _ = write!(
            page,
            "  <div class=\"teaser teaser--{}\" data-id=\"{}\">\n    <div class=\"teaser__media\">\n      <a href=\"/news/{}\">\
             <img class=\"lazy\" data-src=\"/img/{}.jpg\" srcset=\"/a.jpg 300w, /b.jpg 600w\" alt=\"\"></a>\n    </div>\n    \
             <div class=\"teaser__text\">\n      <span class=\"teaser__kicker\">{}</span>\n      <h3><a href=\"/news/{}\">{}</a></h3>\n      \
             <time>17 Feb</time>\n    </div>\n  </div>\n",
            dice.below(4),
            dice.below(99_999),
            dice.below(9_999),
            dice.below(9_999),
            dice.words(1),
            dice.below(9_999),
            dice.headline()
        );
    }
    page.push_str("</section>\n");
}

/// Paragraphs in divisions that are nested this deep, always of one size together.
pub(crate) fn nested(dice: &mut Dice, depth: usize) -> String {
    let mut page = String::from("<html><body><h1>Ferry</h1>");
    for _ in 0..600 / depth {
        for at in 0..depth {
            let _ = write!(
                page,
                "<div class=\"level level-{}\"><p>{}</p>",
                at % 7,
                dice.paragraph()
            );
        }
        page.push_str(&"</div>".repeat(depth));
    }
    page
}

/// Pages that want to cost more than their size; `scale` sizes of about a megabyte.
pub(crate) fn hostile(scale: usize) -> Vec<(&'static str, String)> {
    let many = |part: &str, count: usize| part.repeat(count * scale);
    let prose = "<p>The ferry that left the harbour at dawn came back at noon, with all its crew on deck.</p>";
    let with_story = |page: String| format!("<html><body>{}{page}", prose.repeat(10));
    vec![
        ("nested elements", with_story(many("<div>", 200_000))),
        (
            "nested and named",
            with_story(many("<div class=a><span class=b>x", 40_000)),
        ),
        ("unclosed tags", with_story(many("<div <p <a href=\"", 60_000))),
        ("ends without a start", with_story(many("</a", 300_000))),
        ("declarations", with_story(many("<!", 500_000))),
        ("unclosed comments", with_story(many("<!-- x ", 140_000))),
        ("unclosed formatting", with_story(many("<b><i><font>x<p>", 60_000))),
        ("unclosed tables", with_story(many("<table><tr><td>x", 60_000))),
        (
            "links",
            with_story(many("<a href=/n/1>Harbour opens today</a> ", 27_000)),
        ),
        ("lines", with_story(many("Harbour opens<br>", 60_000))),
        (
            "different names",
            with_story((0..50_000 * scale).fold(String::new(), |mut page, at| {
                let _ = write!(page, "<p class=n{at}>x{at}");
                page
            })),
        ),
        ("attributes", with_story(format!("<p {}>", many("a=b ", 250_000)))),
        ("one text", with_story(many("harbour ", 125_000))),
        ("one word", with_story(many("x", 1_000_000))),
        ("quotes", with_story(many("<p a=\"", 160_000))),
        ("unclosed scripts", with_story(many("<script><style>", 70_000))),
        (
            "structured data",
            with_story(many(
                "<script type=application/ld+json>[[[[{\"@type\":</script>",
                18_000,
            )),
        ),
        (
            "pictures",
            with_story(many("<img src=a.jpg><table><td>x</table>", 28_000)),
        ),
        ("entities", with_story(many("&amp;&notit;&#x41;", 55_000))),
    ]
}
