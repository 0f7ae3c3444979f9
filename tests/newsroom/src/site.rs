//! What is peculiar to each site.

use crate::calendar::Moment;
use crate::design::Design;
use crate::politeness::SiteRules;

/// One news site.
#[derive(Debug)]
pub(crate) struct Site {
    /// Short name, used in seeds and in the truth table.
    pub(crate) key: &'static str,
    /// The name that readers see.
    pub(crate) name: &'static str,
    /// The language of its own words (navigation, boxes); most of its articles have it too.
    pub(crate) language: &'static str,
    /// Hours east of Greenwich.
    pub(crate) offset_hours: i8,
    pub(crate) design: Design,
    pub(crate) feed: FeedStyle,
    /// The `Content-Type` of its pages.
    pub(crate) content_type: &'static str,
    pub(crate) charset: Charset,
    pub(crate) validators: Validators,
    pub(crate) gzip: bool,
    pub(crate) robots: &'static str,
    pub(crate) path: PathStyle,
}

/// How a site's feed looks.
#[derive(Debug)]
pub(crate) struct FeedStyle {
    pub(crate) kind: FeedKind,
    pub(crate) path: &'static str,
    /// Whether entries link by path only.
    pub(crate) relative_links: bool,
    /// Added to each link.
    pub(crate) tracking: &'static str,
    /// Whether one entry in the middle is damaged (no link, a date that is none).
    pub(crate) damaged_entry: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FeedKind {
    /// RSS 2.0 with summaries.
    Rss,
    /// RSS 2.0 with `content:encoded`.
    RssContent,
    Atom,
    Json,
    /// RSS 1.0.
    Rdf,
}

impl FeedKind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Rss => "rss",
            Self::RssContent => "rss-content",
            Self::Atom => "atom",
            Self::Json => "json",
            Self::Rdf => "rdf",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Charset {
    Utf8,
    Windows1252,
}

/// Which validators a site's answers carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Validators {
    Both,
    TagOnly,
    DateOnly,
    None,
}

/// How a site builds the paths of its articles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PathStyle {
    Story,
    Query,
    Month,
    Day,
    Section,
    Mobile,
    German,
    Read,
    Post,
    Spanish,
}

impl Site {
    /// Path and query of an article.
    pub(crate) fn path(&self, slug: &str, number: u32, published: i64) -> String {
        let date = Moment::new(published, self.offset_hours);
        match self.path {
            PathStyle::Story => format!("/story/{slug}"),
            PathStyle::Query => format!("/story.asp?id={number}"),
            PathStyle::Month => format!("/{}/{slug}", date.path(false)),
            PathStyle::Day => format!("/{}/{slug}/", date.path(true)),
            PathStyle::Section => format!("/news/{slug}-{number}.html"),
            PathStyle::Mobile => format!("/m/{number}/{slug}"),
            PathStyle::German => format!("/artikel/{slug},{number}.html"),
            PathStyle::Read => format!("/read/{number}/{slug}"),
            PathStyle::Post => format!("/{slug}-post{number}.html"),
            PathStyle::Spanish => format!("/noticias/{slug}/"),
        }
    }
}

const UTF8: &str = "text/html; charset=utf-8";
const ALLOW_ALL: &str = "User-agent: *\nDisallow:\n";

const fn feed(kind: FeedKind, path: &'static str, tracking: &'static str) -> FeedStyle {
    FeedStyle {
        kind,
        path,
        relative_links: false,
        tracking,
        damaged_entry: false,
    }
}

const fn site(key: &'static str, name: &'static str, design: Design, feed: FeedStyle, path: PathStyle) -> Site {
    Site {
        key,
        name,
        language: "en",
        offset_hours: 0,
        design,
        feed,
        content_type: UTF8,
        charset: Charset::Utf8,
        validators: Validators::Both,
        gzip: false,
        robots: ALLOW_ALL,
        path,
    }
}

macro_rules! design {
    ($file:literal) => {
        Design::new(include_str!(concat!("../../../seeds/newsroom/designs/", $file)))
    };
}

/// All sites. Their order is the order of their ports.
pub(crate) static SITES: [Site; 10] = [
    Site {
        robots: "User-agent: *\nDisallow: /desk/\nAllow: /\n",
        ..site(
            "meridian",
            "Meridian Wire",
            design!("meridian.html"),
            feed(FeedKind::Atom, "/feed.atom", ""),
            PathStyle::Story,
        )
    },
    Site {
        validators: Validators::DateOnly,
        robots: "# The Ellery Ledger\nUser-agent: *\nCrawl-delay: 0\nDisallow: /premium/\nDisallow: /cgi-bin/\n",
        ..site(
            "ledger",
            "The Ellery Ledger",
            design!("ledger.html"),
            feed(FeedKind::Rss, "/rss/all.xml", "utm_source=rss"),
            PathStyle::Query,
        )
    },
    Site {
        offset_hours: -5,
        validators: Validators::TagOnly,
        ..site(
            "courier",
            "Northgate Courier",
            design!("courier.html"),
            feed(
                FeedKind::Atom,
                "/feeds/latest",
                "utm_source=atom&utm_medium=feed&utm_campaign=latest",
            ),
            PathStyle::Month,
        )
    },
    Site {
        offset_hours: -6,
        robots: "User-agent: *\nDisallow: /wp-admin/\nAllow: /wp-admin/admin-ajax.php\n",
        ..site(
            "beacon",
            "Beacon Today",
            design!("beacon.html"),
            feed(FeedKind::RssContent, "/feed/", ""),
            PathStyle::Day,
        )
    },
    Site {
        gzip: true,
        ..site(
            "pulse",
            "Pulse Daily",
            design!("pulse.html"),
            feed(
                FeedKind::Json,
                "/api/feed.json",
                "utm_source=jsonfeed&utm_medium=syndication",
            ),
            PathStyle::Section,
        )
    },
    Site {
        validators: Validators::None,
        ..site(
            "pocket",
            "PocketNews",
            design!("pocket.html"),
            FeedStyle {
                relative_links: true,
                ..feed(FeedKind::Rss, "/feed.xml", "")
            },
            PathStyle::Mobile,
        )
    },
    Site {
        language: "de",
        offset_hours: 1,
        content_type: "text/html",
        charset: Charset::Windows1252,
        ..site(
            "isar",
            "Isarbote",
            design!("isar.html"),
            feed(FeedKind::Rdf, "/rss10.rdf", ""),
            PathStyle::German,
        )
    },
    Site {
        language: "id",
        offset_hours: 7,
        ..site(
            "kabar",
            "Kabar Nusa",
            design!("kabar.html"),
            FeedStyle {
                damaged_entry: true,
                ..feed(FeedKind::Rss, "/rss", "utm_source=rss&utm_medium=kabar")
            },
            PathStyle::Read,
        )
    },
    Site {
        language: "vi",
        offset_hours: 7,
        content_type: "text/html",
        validators: Validators::TagOnly,
        ..site(
            "nhip",
            "Nhịp Sống Mới",
            design!("nhip.html"),
            feed(FeedKind::Atom, "/tin-moi.atom", ""),
            PathStyle::Post,
        )
    },
    Site {
        language: "es",
        offset_hours: -3,
        ..site(
            "faro",
            "El Faro del Sur",
            design!("faro.html"),
            FeedStyle {
                relative_links: true,
                ..feed(FeedKind::RssContent, "/rss/portada.xml", "")
            },
            PathStyle::Spanish,
        )
    },
];

/// The place of a site in [`SITES`].
pub(crate) fn index(key: &str) -> Option<usize> {
    SITES.iter().position(|site| site.key == key)
}

/// What each site asks of its clients, by its key.
pub(crate) fn politeness() -> Vec<(String, SiteRules)> {
    let rules = SITES.iter().map(|site| {
        let disallowed = site.robots.lines().filter_map(|line| line.strip_prefix("Disallow: /"));
        let rules = SiteRules {
            crawl_delay_ms: 0,
            feeds: vec![site.feed.path.to_owned()],
            page_prefixes: vec!["/".to_owned()],
            disallowed_prefixes: disallowed.map(|path| format!("/{path}")).collect(),
        };
        (site.key.to_owned(), rules)
    });
    rules.collect()
}
