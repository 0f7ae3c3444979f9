//! Where a script ends. Within a comment that opened in it, a script may hold another one, closing tag and all (HTML
//! Standard, 13.2.5.22, "script data double escaped state").

use memchr::memchr_iter;

use super::find_closing;

/// Where the closing tag of a script starts whose content starts at `from`. Of one that never ends by the standard's
/// rules, the first closing tag: the rest of the page is rather text than script.
pub(super) fn find_end(page: &str, from: usize) -> Option<usize> {
    let first = find_closing(page, from, "script")?;
    let (mut state, mut at, mut end) = (State::Plain, from, first);
    loop {
        state = state.after(page.get(at..end).unwrap_or_default());
        if state != State::Nested {
            return Some(end);
        }
        state = State::Comment;
        at = end + "</script".len();
        match find_closing(page, at, "script") {
            Some(next) => end = next,
            None => return Some(first),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Plain,
    /// Within a comment.
    Comment,
    /// Within a script within a comment.
    Nested,
}

impl State {
    /// The state behind a piece of script without a closing tag in it.
    fn after(mut self, mut rest: &str) -> Self {
        loop {
            let (found, next) = match self {
                Self::Plain => (find_comment(rest), Self::Comment),
                Self::Comment | Self::Nested => {
                    let end = rest.find("-->").map(|at| at + 3);
                    let nested =
                        find_opening(rest).filter(|at| self == Self::Comment && end.is_none_or(|end| *at < end));
                    match nested {
                        Some(at) => (Some(at), Self::Nested),
                        None => (end, Self::Plain),
                    }
                }
            };
            let Some(found) = found else { return self };
            self = next;
            rest = rest.get(found..).unwrap_or_default();
        }
    }
}

/// Behind the start of the first comment.
fn find_comment(rest: &str) -> Option<usize> {
    let bytes = rest.as_bytes();
    let mut starts = memchr_iter(b'<', bytes);
    let is_comment = |at: &usize| bytes.get(*at..).is_some_and(|rest| rest.starts_with(b"<!--"));
    starts.find(is_comment).map(|at| at + 4)
}

/// Behind the first opening tag of a script.
fn find_opening(rest: &str) -> Option<usize> {
    const NAME: &[u8] = b"<script";
    let bytes = rest.as_bytes();
    memchr_iter(b'<', bytes).find_map(|at| {
        let behind = at + NAME.len();
        let is_name = bytes.get(at..behind)?.eq_ignore_ascii_case(NAME);
        let ends = bytes
            .get(behind)
            .is_some_and(|byte| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>'));
        (is_name && ends).then_some(behind)
    })
}

#[cfg(test)]
mod tests {
    use super::find_end;

    #[test]
    fn a_script_within_a_comment_of_a_script_does_not_end_it() {
        let check = |script: &str, rest: &str| {
            let page = format!("{script}{rest}");
            assert_eq!(find_end(&page, 0).map(|end| &page[end..]), Some(rest), "{page}");
        };
        check("a < b", "</script>c</script>");
        check("<!-- a", "</script>c</script>");
        check("<!-- '<script async></script>' ", "</SCRIPT>c");
        check("<!-- <script> --> a", "</script>c</script>");
        check("<!-- --> <script> a", "</script>c</script>");
        check("<!-- <scripts> a", "</script>c</script>");
        // Never closed: the first closing tag is taken.
        check("<!-- <script> ", "</script> text");
        assert_eq!(find_end("<!-- a", 0), None);
    }

    #[test]
    fn scripts_in_comments_without_end_cost_linear_time() {
        let page = "<!--<script></script>".repeat(20_000);
        assert_eq!(find_end(&page, 0), Some("<!--<script>".len()));
    }
}
