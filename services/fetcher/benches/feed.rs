//! How fast feeds are read: `cargo bench -p fetcher --bench feed`.

use std::hint::black_box;
use std::time::{Duration, Instant};

use fetcher::feed;

const BASE: &str = "https://example.org/news/feed";

/// How long each document is read again and again.
const MEASURED: Duration = Duration::from_secs(2);

fn rss(entries: usize, text: &str) -> String {
    let item = |at: usize| {
        format!(
            "<item><title>Story number {at}</title><link>https://example.org/story/{at}</link><guid isPermaLink=\"false\">\
            {at}</guid><pubDate>Sun, 22 Nov 2026 10:00:00 +0100</pubDate><dc:creator>Jo Doe</dc:creator>\
            <category>World</category><description>{text}</description></item>\n"
        )
    };
    let items: String = (0..entries).map(item).collect();
    format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel>\
        <title>The Post</title>{items}</channel></rss>"
    )
}

fn atom(entries: usize, text: &str) -> String {
    let entry = |at: usize| {
        format!(
            "<entry><title>Story number {at}</title><link href=\"/story/{at}\"/><id>urn:story:{at}</id>\
            <updated>2026-11-22T10:00:00Z</updated><author><name>Jo Doe</name></author><category term=\"World\"/>\
            <summary type=\"html\">{text}</summary></entry>\n"
        )
    };
    let entries: String = (0..entries).map(entry).collect();
    format!("<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>The Post</title>{entries}</feed>")
}

fn json(entries: usize, text: &str) -> String {
    let item = |at: usize| {
        format!(
            "{{\"id\": \"{at}\", \"url\": \"/story/{at}\", \"title\": \"Story number {at}\", \"date_published\": \
            \"2026-11-22T10:00:00Z\", \"content_text\": \"{text}\"}}"
        )
    };
    let items: Vec<String> = (0..entries).map(item).collect();
    format!(
        "{{\"version\": \"https://jsonfeed.org/version/1.1\", \"items\": [{}]}}",
        items.join(",\n")
    )
}

fn measure(name: &str, document: &str, read: impl Fn(&[u8]) -> usize) {
    let started = Instant::now();
    let (mut reads, mut entries) = (0_u32, 0);
    while reads == 0 || started.elapsed() < MEASURED {
        entries += read(black_box(document.as_bytes()));
        reads += 1;
    }
    let seconds = started.elapsed().as_secs_f64();
    let megabytes = document.len() as f64 * f64::from(reads) / 1e6;
    println!(
        "{name:<34} {:>8.3} s a document, {:>9.0} entries/s, {:>6.1} MB/s",
        seconds / f64::from(reads),
        entries as f64 / seconds,
        megabytes / seconds
    );
}

fn main() {
    let all = |document: &[u8]| feed::parse(document, None, BASE).map_or(0, |feed| feed.entries.len());
    let newest = |document: &[u8]| feed::parse_newest(document, None, BASE, 5_000).map_or(0, |feed| feed.entries_seen);
    let text = "Text of the story &amp; a little more. ".repeat(20);
    for (format, small, large) in [
        ("RSS", rss(50, &text), rss(200_000, "Text &amp; more.")),
        ("Atom", atom(50, &text), atom(200_000, "Text &amp; more.")),
        ("JSON Feed", json(50, &text), json(200_000, "Text and more.")),
    ] {
        measure(&format!("{format}, 50 entries"), &small, all);
        measure(&format!("{format}, 200,000 entries, all"), &large, all);
        measure(&format!("{format}, 200,000 entries, newest"), &large, newest);
    }
}
