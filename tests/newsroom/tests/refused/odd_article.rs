//! Articles that are short, or stand among much else, or are hardly made of sentences.

use super::words::{ALL, Words};
use super::{Sample, framed};

/// All of them.
pub(crate) fn all() -> Vec<Sample> {
    let mut pages = Vec::new();
    for words in &ALL {
        let paragraphs: String = words.story.iter().map(|text| format!("<p>{text}</p>")).collect();
        let headline = words.headline;
        let two = format!(
            "<article><h1>{headline}</h1><p>{}</p><p>{}</p></article>",
            words.story[0], words.story[2]
        );
        pages.push(sample("short", words, "", &two));
        let many = format!(
            "<article><h1>{headline}</h1>{paragraphs}</article>{}",
            teasers(words, 200)
        );
        pages.push(sample("among teasers", words, "", &many));
        let whole = format!(
            "<article><h1>{headline}</h1>{}</article><div class=promo><p>{}</p></div>",
            paragraphs.clone() + &format!("<p>{}</p>", words.story[1]),
            words.pay
        );
        pages.push(sample("above a nag", words, ARTICLE, &whole));
        let items: String = (1..9)
            .map(|index| format!("<li>{} {index}</li>", words.story[index % 3]))
            .collect();
        let listed = format!(
            "<article><h1>{headline}</h1><p>{}</p><ol>{items}</ol></article>",
            words.story[0]
        );
        pages.push(sample("list", words, "", &listed));
    }
    pages.extend(tables());
    pages
}

const ARTICLE: &str = "<meta property=og:type content=article>";

fn sample(name: &str, words: &Words, head: &str, content: &str) -> Sample {
    Sample {
        name: format!("{name} {}", words.language),
        html: framed(words.headline, head, content),
    }
}

fn teasers(words: &Words, count: usize) -> String {
    let links: String = (0..count)
        .map(|index| format!("<li><a href='/n/{index}'>{} {index}</a></li>", words.headline))
        .collect();
    format!("<section class=more><h2>More</h2><ul>{links}</ul></section>")
}

/// Results and recipes.
fn tables() -> Vec<Sample> {
    let results: String = (1..12)
        .map(|place| {
            format!(
                "<tr><td>{place}</td><td>Rowing club {place}</td><td>{}:{:02}</td></tr>",
                6 + place / 6,
                place * 4
            )
        })
        .collect();
    let results = format!(
        "<article><h1>Results of the autumn regatta</h1><p>The eights of the western club won the autumn regatta on Sunday \
         by half a length, in a wind that kept four boats on the shore.</p><table>{results}</table></article>"
    );
    let steps = [
        "Peel the pears and cut them into eight pieces each.",
        "Melt the butter with the sugar until it is brown.",
        "Lay the pears in the pan, cover them with the dough, and bake for forty minutes.",
        "Turn the cake over while it is hot.",
    ];
    let steps: String = steps.iter().map(|step| format!("<li>{step}</li>")).collect();
    let recipe = format!(
        "<article><h1>Pear cake upside down</h1><p>The harbour café has baked this cake every autumn since it opened, and its \
         owner gave us the recipe.</p><ul><li>four pears</li><li>100 g of butter</li><li>80 g of sugar</li></ul><ol>{steps}</ol></article>"
    );
    let pages = [("results", results), ("recipe", recipe)];
    pages
        .into_iter()
        .map(|(name, content)| Sample {
            name: name.to_owned(),
            html: framed(name, "", &content),
        })
        .collect()
}
