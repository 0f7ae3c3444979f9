//! Where the values of a JSON text start and end, without building them.

/// How often, on average, a byte may be looked at again after damage.
const SECOND_LOOKS: usize = 16;

/// Walks over a JSON text.
pub(super) struct Scanner<'a> {
    text: &'a str,
    at: usize,
    /// Bytes that may still be looked at a second time.
    budget: usize,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            budget: text.len().saturating_mul(SECOND_LOOKS),
        }
    }

    /// The present place.
    pub(super) fn place(&self) -> usize {
        self.at
    }

    /// Steps over `mark` and the blanks before it; false, and no step, when something else comes, and at the end
    /// true for what ends a list.
    pub(super) fn skip(&mut self, mark: &str) -> bool {
        self.skip_blanks();
        let is_there = self.rest().starts_with(mark);
        self.at += if is_there { mark.len() } else { 0 };
        is_there || (mark == "]" && self.rest().is_empty())
    }

    /// The name of the next member of an object, and its colon.
    pub(super) fn name(&mut self) -> Option<String> {
        self.skip(",");
        self.skip_blanks();
        let raw = self.rest().starts_with('"').then(|| self.value())??;
        let name = serde_json::from_str(raw).ok()?;
        self.skip(":").then_some(name)
    }

    /// The next value as written; `None` when the text ends in it.
    pub(super) fn value(&mut self) -> Option<&'a str> {
        self.skip_blanks();
        let start = self.at;
        let rest = self.rest();
        let length = match rest.as_bytes().first()? {
            b'"' => string_end(rest.as_bytes(), 0),
            b'{' | b'[' => bracket_end(rest.as_bytes()),
            _ => rest.find([',', ']', '}']).filter(|end| 0 < *end),
        };
        self.at = length.map_or(self.text.len(), |length| start + length);
        length.and_then(|length| rest.get(..length))
    }

    /// Goes from a broken value that starts at `broken` to the next place that looks like the start of an object in a
    /// list; false when there is none, or when the text is so broken that looking for more is not worth it.
    pub(super) fn skip_to_next_object(&mut self, broken: usize) -> bool {
        let looked_at = self.at.saturating_sub(broken);
        let Some(budget) = self.budget.checked_sub(looked_at) else {
            return false;
        };
        self.budget = budget;
        let first = self.text.get(broken..).and_then(|rest| rest.chars().next());
        let mut at = broken + first.map_or(0, char::len_utf8);
        while let Some(open) = self.text.get(at..).and_then(|rest| rest.find('{')) {
            let (before, object) = self.text.split_at(at + open);
            at += open + 1;
            let follows = before.trim_end().ends_with([',', '}']);
            if follows && object[1..].trim_start().starts_with('"') {
                self.at = before.len();
                return true;
            }
        }
        false
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn skip_blanks(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }
}

/// The place after the string that starts at `start`.
fn string_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

/// The place after the object or list that the bytes start with.
fn bracket_end(bytes: &[u8]) -> Option<usize> {
    let mut depth = 0_usize;
    let mut at = 0;
    loop {
        match bytes.get(at)? {
            b'"' => {
                at = string_end(bytes, at)?;
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += 1;
        if depth == 0 {
            return Some(at);
        }
    }
}
