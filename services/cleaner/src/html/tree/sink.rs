//! Where the tree builder puts what it builds.

use std::borrow::Cow;
use std::cell::RefCell;

use html5ever::interface::ElemName;
use html5ever::tendril::StrTendril;
use html5ever::tree_builder::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::{Attribute, LocalName, Namespace, QualName, local_name, ns};

use super::{DOCUMENT, Index, Kind, NOWHERE, Tree};

/// Drawings and formulas never come here, so all elements are of HTML.
static HTML: Namespace = ns!(html);

/// A node, with the name that the tree builder asks for all the time.
#[derive(Debug, Clone)]
pub(super) struct Handle {
    index: Index,
    name: LocalName,
}

/// The name of an element.
#[derive(Debug)]
pub(super) struct Name<'a>(&'a LocalName);

impl ElemName for Name<'_> {
    fn ns(&self) -> &Namespace {
        &HTML
    }

    fn local_name(&self) -> &LocalName {
        self.0
    }
}

/// The tree while it grows. The tree builder shares it with nobody.
pub(super) struct Sink {
    tree: RefCell<Tree>,
    /// Attributes of an element, and more for it, as far as it has none of those names.
    added: RefCell<Vec<(u32, u32)>>,
}

impl Sink {
    pub(super) fn new() -> Self {
        Self {
            tree: RefCell::new(Tree::new()),
            added: RefCell::default(),
        }
    }

    fn add(&self, kind: Kind) -> Handle {
        Handle {
            index: self.tree.borrow_mut().add(kind),
            name: local_name!(""),
        }
    }
}

/// The one attribute that tags come with: the number of those that the element has. The tree builder reads none that
/// would make a difference here, and a number is handed on for less than names and values are.
pub(super) fn numbered(number: u32) -> Vec<Attribute> {
    let Some(character) = char::from_u32(FIRST + number).filter(|_| 0 < number) else {
        return Vec::new();
    };
    vec![Attribute {
        name: QualName::new(None, ns!(), local_name!("data")),
        value: StrTendril::from_char(character),
    }]
}

/// Numbers are told as characters, from the first behind the surrogates' plane on.
const FIRST: u32 = 0x1_0000;

fn number_of(attributes: &[Attribute]) -> u32 {
    let told = attributes.first().and_then(|attribute| attribute.value.chars().next());
    told.map_or(0, |told| u32::from(told).saturating_sub(FIRST))
}

impl TreeSink for Sink {
    type Handle = Handle;
    type Output = (Tree, Vec<(u32, u32)>);
    type ElemName<'a> = Name<'a>;

    fn finish(self) -> Self::Output {
        (self.tree.into_inner(), self.added.into_inner())
    }

    fn parse_error(&self, _message: Cow<'static, str>) {}

    fn get_document(&self) -> Handle {
        Handle {
            index: DOCUMENT,
            name: local_name!(""),
        }
    }

    fn elem_name<'a>(&'a self, target: &'a Handle) -> Name<'a> {
        Name(&target.name)
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, _flags: ElementFlags) -> Handle {
        let attributes = number_of(&attributes);
        let index = self.tree.borrow_mut().add(Kind::Element {
            name: name.local.clone(),
            attributes,
        });
        Handle {
            index,
            name: name.local,
        }
    }

    fn create_comment(&self, _text: StrTendril) -> Handle {
        self.add(Kind::Other)
    }

    fn create_pi(&self, _target: StrTendril, _data: StrTendril) -> Handle {
        self.add(Kind::Other)
    }

    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        let mut tree = self.tree.borrow_mut();
        match child {
            NodeOrText::AppendNode(child) => tree.append(parent.index, child.index),
            NodeOrText::AppendText(text) => {
                let last = tree.node(parent.index).last;
                tree.put_text(text, parent.index, (last, DOCUMENT));
            }
        }
    }

    fn append_based_on_parent_node(&self, element: &Handle, above: &Handle, child: NodeOrText<Handle>) {
        if self.tree.borrow().node(element.index).parent == NOWHERE {
            self.append(above, child);
        } else {
            self.append_before_sibling(element, child);
        }
    }

    fn append_doctype_to_document(&self, _name: StrTendril, _public: StrTendril, _system: StrTendril) {}

    fn get_template_contents(&self, target: &Handle) -> Handle {
        target.clone()
    }

    fn same_node(&self, left: &Handle, right: &Handle) -> bool {
        left.index == right.index
    }

    fn set_quirks_mode(&self, _mode: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Handle, new: NodeOrText<Handle>) {
        let mut tree = self.tree.borrow_mut();
        if let NodeOrText::AppendNode(node) = &new {
            tree.detach(node.index);
        }
        let place = tree.node(sibling.index);
        let (parent, between) = (place.parent, (place.previous, sibling.index));
        if parent == NOWHERE {
            return;
        }
        match new {
            NodeOrText::AppendNode(node) => tree.put(node.index, parent, between),
            NodeOrText::AppendText(text) => tree.put_text(text, parent, between),
        }
    }

    /// A second `html` or `body` adds what the first one lacks.
    fn add_attrs_if_missing(&self, target: &Handle, attributes: Vec<Attribute>) {
        let added = number_of(&attributes);
        match &mut self.tree.borrow_mut().node_mut(target.index).kind {
            Kind::Element { attributes, .. } if *attributes == 0 => *attributes = added,
            Kind::Element { attributes, .. } if added != 0 => self.added.borrow_mut().push((*attributes, added)),
            _ => {}
        }
    }

    fn remove_from_parent(&self, target: &Handle) {
        self.tree.borrow_mut().detach(target.index);
    }

    fn reparent_children(&self, node: &Handle, to: &Handle) {
        self.tree.borrow_mut().move_children(node.index, to.index);
    }
}
