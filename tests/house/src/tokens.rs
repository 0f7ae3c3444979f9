//! Sources as tokens: what a search in text would get wrong in comments, strings and macros.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// A function with a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// The line of its `fn`.
    pub line: usize,
    /// Lines from its `fn` to its closing brace, both included.
    pub lines: usize,
}

/// All token sequences of a source: the file's own, and that inside of every bracket, macro bodies included.
pub struct Sequences(Vec<Vec<TokenTree>>);

impl Sequences {
    /// The tokens of `source`.
    ///
    /// # Errors
    /// The reason in words when it is no Rust source.
    pub fn of(source: &str) -> Result<Self, String> {
        let stream: TokenStream = source.parse().map_err(|error| format!("{error}"))?;
        let mut waiting = vec![stream];
        let mut sequences = Vec::new();
        while let Some(stream) = waiting.pop() {
            let sequence: Vec<TokenTree> = stream.into_iter().collect();
            waiting.extend(sequence.iter().filter_map(group).map(Group::stream));
            sequences.push(sequence);
        }
        Ok(Self(sequences))
    }

    /// All functions with a body, those that macros hold or write included.
    #[must_use]
    pub fn functions(&self) -> Vec<Function> {
        let in_sequence = |sequence: &Vec<TokenTree>| -> Vec<Function> {
            (0..sequence.len())
                .filter_map(|at| function(sequence.get(at..)?))
                .collect()
        };
        self.0.iter().flat_map(in_sequence).collect()
    }

    /// The lines where a function or method called `name` is called.
    #[must_use]
    pub fn calls(&self, name: &str) -> Vec<usize> {
        self.matches(|window| match window {
            [callee, arguments, ..] if is_word(callee, name) => is_group(arguments, Delimiter::Parenthesis),
            _ => false,
        })
    }

    /// The lines of the attributes called `name`.
    #[must_use]
    pub fn attributes(&self, name: &str) -> Vec<usize> {
        self.matches(|window| match window {
            [hash, attribute, ..] if is_mark(hash, '#') => starts_with(attribute, name),
            _ => false,
        })
    }

    /// The modules that this source declares: name and line.
    #[must_use]
    pub fn modules(&self) -> Vec<(String, usize)> {
        let windows = self.0.iter().flat_map(|sequence| sequence.windows(2));
        windows
            .filter_map(|window| match window {
                [keyword, TokenTree::Ident(name)] if is_word(keyword, "mod") => Some((name.to_string(), line(keyword))),
                _ => None,
            })
            .collect()
    }

    /// First and last lines of the modules behind `#[cfg(test)]`.
    #[must_use]
    pub fn test_modules(&self) -> Vec<(usize, usize)> {
        let windows = self.0.iter().flat_map(|sequence| sequence.windows(5));
        windows
            .filter_map(|window| match window {
                [hash, attribute, keyword, _, TokenTree::Group(body)]
                    if is_mark(hash, '#') && is_test_attribute(attribute) && is_word(keyword, "mod") =>
                {
                    Some((line(hash), body.span_close().end().line))
                }
                _ => None,
            })
            .collect()
    }

    /// Every sequence, for rules that look for a shape of their own.
    pub fn iter(&self) -> impl Iterator<Item = &[TokenTree]> {
        self.0.iter().map(Vec::as_slice)
    }

    fn matches(&self, found: impl Fn(&[TokenTree]) -> bool) -> Vec<usize> {
        let mut lines: Vec<usize> = self
            .0
            .iter()
            .flat_map(|sequence| sequence.windows(2))
            .filter(|window| found(window))
            .filter_map(|window| window.first().map(line))
            .collect();
        lines.sort_unstable();
        lines
    }
}

/// The function that begins at the head of `rest`, if one does and has a body.
fn function(rest: &[TokenTree]) -> Option<Function> {
    let [keyword, TokenTree::Ident(name), signature @ ..] = rest else {
        return None;
    };
    if !is_word(keyword, "fn") {
        return None;
    }
    let end = signature
        .iter()
        .find(|token| is_mark(token, ';') || is_group(token, Delimiter::Brace))?;
    let body = group(end)?;
    Some(Function {
        name: name.to_string(),
        line: line(keyword),
        lines: body.span_close().end().line + 1 - line(keyword),
    })
}

/// The line on which `token` starts, counted from 1.
#[must_use]
pub fn line(token: &TokenTree) -> usize {
    token.span().start().line
}

/// Whether `token` is this word.
#[must_use]
pub fn is_word(token: &TokenTree, word: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == word)
}

/// Whether `token` is this punctuation mark.
#[must_use]
pub fn is_mark(token: &TokenTree, mark: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == mark)
}

fn is_group(token: &TokenTree, delimiter: Delimiter) -> bool {
    group(token).is_some_and(|group| group.delimiter() == delimiter)
}

fn group(token: &TokenTree) -> Option<&Group> {
    match token {
        TokenTree::Group(group) => Some(group),
        TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => None,
    }
}

fn starts_with(attribute: &TokenTree, name: &str) -> bool {
    let first = group(attribute).and_then(|group| group.stream().into_iter().next());
    first.is_some_and(|token| is_word(&token, name))
}

fn is_test_attribute(attribute: &TokenTree) -> bool {
    group(attribute).is_some_and(|group| group.stream().to_string().replace(' ', "") == "cfg(test)")
}
