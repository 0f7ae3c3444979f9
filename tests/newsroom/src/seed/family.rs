//! Stories of one template: same bones, other facts.

use std::collections::BTreeMap;

use super::{Block, Story};
use crate::StartError;

/// One story for each row of the template.
pub(super) fn fill(template: &Story) -> Result<Vec<Story>, StartError> {
    template.rows.iter().map(|row| fill_row(template, row)).collect()
}

fn fill_row(template: &Story, row: &str) -> Result<Story, StartError> {
    let problem = |problem: String| StartError::Seed {
        story: template.slug.clone(),
        problem,
    };
    let mut parts = row.split(" | ");
    let slug = parts.next().unwrap_or_default().trim().to_owned();
    let mut values = BTreeMap::new();
    for part in parts {
        let (name, value) = part
            .split_once('=')
            .ok_or_else(|| problem(format!("no value in {part:?}")))?;
        values.insert(name.trim(), value.trim());
    }
    let replace = |text: &str| {
        values.iter().fold(text.to_owned(), |text, (name, value)| {
            text.replace(&format!("{{{name}}}"), value)
        })
    };
    let mut story = template.clone();
    story.rows.clear();
    story.family = Some(template.slug.clone());
    story.title = replace(&template.title);
    story.dateline = template.dateline.as_deref().map(&replace);
    story.author = template.author.as_deref().map(&replace);
    if let Some(site) = values.get("site") {
        (*site).clone_into(&mut story.site);
    }
    story.blocks = template
        .blocks
        .iter()
        .map(|block| Block {
            kind: block.kind,
            text: replace(&block.text),
        })
        .filter(|block| !block.text.trim().is_empty())
        .collect();
    if let Some(block) = story.blocks.iter().find(|block| block.text.contains('{')) {
        return Err(problem(format!("row {slug} leaves a gap in {:?}", block.text)));
    }
    story.slug = slug;
    Ok(story)
}
