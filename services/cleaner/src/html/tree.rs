//! The elements and texts of a page, as the standard's tree builder puts them together (html5ever's, which scraper
//! parses with, too).
//!
//! A page comes here in tags and texts already ([`feed`]), so nobody writes it down for a tokenizer to take apart
//! again; and what the tree builder makes lies in one piece of memory, because nobody asks more of it than a walk.

use std::borrow::Cow;

use html5ever::LocalName;
use html5ever::tendril::StrTendril;

pub(super) mod feed;
mod references;
mod sink;

/// The name and the value of an attribute.
pub(super) type Pair<'a> = (&'static str, Cow<'a, str>);

/// A node by its index.
type Index = u32;

/// The document, which is nobody's child or sibling: among neighbours it stands for none.
const DOCUMENT: Index = 0;
/// The parent of what is not in the document.
const NOWHERE: Index = Index::MAX;

/// What a walk comes to.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step<'t> {
    /// An element: its name, and the number of its attributes.
    Open(&'t str, u32),
    /// A text.
    Text(&'t str),
    /// The end of the element of this name.
    Close(&'t str),
}

/// A node among its neighbours.
#[derive(Debug)]
struct Node {
    parent: Index,
    previous: Index,
    next: Index,
    first: Index,
    last: Index,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Element {
        name: LocalName,
        attributes: u32,
    },
    Text(StrTendril),
    /// The document, and what nobody reads.
    Other,
}

/// The nodes of a page; the first is the document.
#[derive(Debug)]
pub(super) struct Tree {
    nodes: Vec<Node>,
}

impl Tree {
    fn new() -> Self {
        let mut tree = Self { nodes: Vec::new() };
        tree.add(Kind::Other);
        tree
    }

    /// Comes to each element and each text in page order.
    pub(super) fn walk(&self, mut visit: impl FnMut(Step)) {
        let mut at = DOCUMENT;
        loop {
            let node = self.node(at);
            match &node.kind {
                Kind::Element { name, attributes } => visit(Step::Open(name, *attributes)),
                Kind::Text(text) => visit(Step::Text(text)),
                Kind::Other => {}
            }
            let mut next = node.first;
            // Up, until something stands behind.
            while next == DOCUMENT {
                let node = self.node(at);
                if let Kind::Element { name, .. } = &node.kind {
                    visit(Step::Close(name));
                }
                if at == DOCUMENT {
                    return;
                }
                next = node.next;
                at = node.parent;
            }
            at = next;
        }
    }

    fn node(&self, index: Index) -> &Node {
        &self.nodes[index as usize]
    }

    fn node_mut(&mut self, index: Index) -> &mut Node {
        &mut self.nodes[index as usize]
    }

    /// Adds a node that stands nowhere yet.
    fn add(&mut self, kind: Kind) -> Index {
        let index = Index::try_from(self.nodes.len()).unwrap_or(NOWHERE);
        self.nodes.push(Node {
            parent: NOWHERE,
            previous: DOCUMENT,
            next: DOCUMENT,
            first: DOCUMENT,
            last: DOCUMENT,
            kind,
        });
        index
    }

    /// Takes a node out of where it stands, with all that is in it.
    fn detach(&mut self, index: Index) {
        let node = self.node_mut(index);
        let parent = std::mem::replace(&mut node.parent, NOWHERE);
        let previous = std::mem::replace(&mut node.previous, DOCUMENT);
        let next = std::mem::replace(&mut node.next, DOCUMENT);
        if parent != NOWHERE {
            self.link(parent, previous, next);
        }
    }

    /// Makes two children of a parent neighbours; one that is missing makes the other the first or the last.
    fn link(&mut self, parent: Index, left: Index, right: Index) {
        match left {
            DOCUMENT => self.node_mut(parent).first = right,
            left => self.node_mut(left).next = right,
        }
        match right {
            DOCUMENT => self.node_mut(parent).last = left,
            right => self.node_mut(right).previous = left,
        }
    }

    /// Puts a node that stands nowhere between two neighbours.
    fn put(&mut self, index: Index, parent: Index, (left, right): (Index, Index)) {
        self.node_mut(index).parent = parent;
        self.link(parent, left, index);
        self.link(parent, index, right);
    }

    fn append(&mut self, parent: Index, index: Index) {
        self.detach(index);
        let last = self.node(parent).last;
        self.put(index, parent, (last, DOCUMENT));
    }

    /// Puts a text between two neighbours: behind the text on the left, if that is one.
    fn put_text(&mut self, text: StrTendril, parent: Index, (left, right): (Index, Index)) {
        if let Kind::Text(before) = &mut self.node_mut(left).kind {
            before.push_tendril(&text);
            return;
        }
        let index = self.add(Kind::Text(text));
        self.put(index, parent, (left, right));
    }

    /// Moves all that is in one node to the end of another.
    fn move_children(&mut self, from: Index, to: Index) {
        while self.node(from).first != DOCUMENT {
            self.append(to, self.node(from).first);
        }
    }
}
