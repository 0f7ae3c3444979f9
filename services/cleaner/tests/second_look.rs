//! What is cut although it looks like the story, and what stays although it looks like clutter: each rule on pages
//! without telling names, in several languages.

use cleaner::extracted::{Extracted, Known};

const FIRST: &str = "The old lighthouse on Gull Rock will be lit again this winter, twenty years after the last keeper rowed ashore, the coast guard said on Thursday at a meeting in the village hall.";
const SECOND: &str = "Volunteers have scraped the rust from the stairs, and a lamp of the right size was found in the cellar of a school, where it had been kept under a blanket since the war.";
const THIRD: &str = "Not everybody is glad about it. Two families who live on the shore have asked for shutters, because the beam will pass over their bedrooms every eleven seconds.";
const FOURTH: &str = "The first night is planned for the second week of December, and the children of the village have been promised that they may turn the switch.";

fn extract(page: &str) -> Extracted {
    cleaner::html::extract(page, Some("https://www.gull.example/n/77"), &Known::default()).unwrap_or_default()
}

/// A page of tables without names: `left` and `right` stand beside the story, `top` above it, `below` in the last row.
fn table_page(left: &str, top: &str, below: &str, right: &str) -> String {
    format!(
        "<html><head><title>Gull Rock to shine again | The Gull</title></head><body><table width=900><tr><td colspan=3>\
         <a href=/>The Gull</a></td></tr><tr valign=top><td width=150><font size=2>{left}</font></td><td width=500>\
         <font size=5><b>Gull Rock to shine again</b></font><br>{top}<p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p>\
         <p>{FOURTH}</p></td><td width=250>{right}</td></tr><tr><td colspan=3>{below}</td></tr></table></body></html>"
    )
}

/// A page of plain boxes with something between the second and the third paragraph, and something below the story.
fn plain_page(between: &str, below: &str) -> String {
    format!(
        "<html><head><title>Gull Rock to shine again | The Gull</title></head><body><div><h1>Gull Rock to shine again\
         </h1><div><p>{FIRST}</p><p>{SECOND}</p>{between}<p>{THIRD}</p><p>{FOURTH}</p></div><div>{below}</div></div>\
         </body></html>"
    )
}

fn check_cut(page: &str, wanted: &str) {
    let text: Vec<String> = extract(page).blocks.into_iter().map(|block| block.text).collect();
    assert_eq!(text, [FIRST, SECOND, THIRD, FOURTH], "{wanted}");
}

fn check_kept(page: &str, wanted: &str) {
    let extracted = extract(page);
    let text: Vec<&str> = extracted.blocks.iter().map(|block| block.text.as_str()).collect();
    assert!(text.iter().any(|text| text.contains(wanted)), "{wanted} in {text:?}");
    assert!(
        [FIRST, SECOND, THIRD, FOURTH].iter().all(|prose| text.contains(prose)),
        "{text:?}"
    );
}

#[test]
fn columns_beside_the_story_are_cut() {
    let check = |left: &str, below: &str, right: &str| check_cut(&table_page(left, "", below, right), left);
    check(
        "Brenner Boats: all dinghies at half price until Easter. Ask for Moira at the desk!",
        "",
        "",
    );
    check(
        "",
        "3 Quay Lane, Gullhaven",
        "<b>Your vote</b><br>Should the ferry run at night?<br>Aye Nay Who cares?",
    );
    check(
        "<b>Anzeige</b><br>Bootswerft Brenner: Jollen zum halben Preis bis Ostern. Kommen Sie vorbei!",
        "",
        "",
    );
    check(
        "",
        "",
        "<p>Abonnez-vous au journal du port, livré chaque matin. Appelez-nous au bureau, même le dimanche.</p>",
    );
}

#[test]
fn what_stands_above_the_story_about_it_is_cut() {
    let check = |top: &str| check_cut(&table_page("", top, "", ""), top);
    check("<font size=1>By Gull staff</font><br>");
    check("<font size=1>Von Jutta Harms</font><br>Veröffentlicht am 12. November 2015, 9:26 Uhr<br>");
    check("Publicado el 12 de noviembre de 2015<br>");
    check(
        "<a href=/m/77>Mail this to a friend</a> | <a href=/p/77>Version for paper</a> | <a href=/w>Write to us</a><br>",
    );
    check("<a href=/m/77>Envoyer</a> - <a href=/p/77>Version papier</a> - <a href=/w>Réagir à cet article</a><br>");
}

#[test]
fn captions_in_tables_of_a_picture_are_cut_and_told() {
    let frame = "<table align=left width=200><tr><td><img src=/g.jpg></td></tr><tr><td>The lamp is carried up the stairs.\
                 </td></tr></table>";
    let page = table_page("", frame, "", "");
    check_cut(&page, frame);
    assert_eq!(extract(&page).captions, ["The lamp is carried up the stairs."]);
}

#[test]
fn links_to_other_stories_between_paragraphs_are_cut() {
    let check = |between: &str| check_cut(&plain_page(between, ""), between);
    check("<p><a href=/n/71>Fishing fleet stays in port for a third week</a></p>");
    check(
        "<ul><li><a href=/n/71>Fishing fleet stays in port for a third week</a></li><li><a href=/>The Gull</a></li></ul>",
    );
    check("<p><a href='https://gull.example/n/71'>漁船団は三週間も港にとどまり天候の回復を待つ</a></p>");
    check("<p><b>Lesen Sie auch: <a href=/n/71>Fischer bleiben die dritte Woche im Hafen</a></b></p>");
    check("<p>Noticia relacionada</p><p><a href=/n/71>La flota sigue amarrada por tercera semana</a></p>");
}

#[test]
fn links_below_the_story_are_cut_with_their_label() {
    let check = |below: &str| check_cut(&plain_page("", below), below);
    check(
        "<b>Out on the water</b><br>• <a href=/n/71>Fleet stays in port for a third week</a><br>• <a href=/n/72>Whale seen off Gull Rock on Sunday</a><br>",
    );
    check("<b>More headlines</b><br><a href=/n/71>Fleet stays in port for a third week</a><br>");
}

#[test]
fn lines_that_ask_to_scroll_past_an_advertisement_are_cut() {
    let check = |line: &str| check_cut(&plain_page(&format!("<div>{line}</div>"), ""), line);
    check("GULIR UNTUK MELANJUTKAN");
    check("Scroll down to continue");
    check("Artikel geht nach der Anzeige weiter");
    check("La suite après cette publicité");
    check("Continúa después de la publicidad");
    check("請繼續往下閱讀");
    check("<b>Advertisement</b><br>Brenner Boats: all dinghies at half price until Easter. Ask for Moira!");
}

#[test]
fn what_belongs_to_the_story_stays() {
    let between = |between: &str, wanted: &str| check_kept(&plain_page(between, ""), wanted);
    // A list that a sentence introduces.
    between(
        "<p>The coast guard has lit three others in the last years, and told us the story of each of them:</p><ul><li>\
         <a href=/n/41>The lamp that burned for a hundred years</a></li><li><a href=/n/42>A keeper and her eleven goats</a></li></ul>",
        "A keeper and her eleven goats",
    );
    // A link to a source elsewhere.
    between(
        "<p><a href='https://harbour.example/report'>The report of the harbour office on the state of Gull Rock</a></p>",
        "The report of the harbour office",
    );
    // An advertisement was here; the paragraphs around it are in one element with its label.
    between(
        "Advertisement<br>The stairs have a hundred and ninety steps, and the lamp weighs as much as a cow.<br>",
        "as much as a cow",
    );
    // A sentence about advertising.
    between(
        "<p>Advertisement of the first night has begun in the villages.</p>",
        "has begun in the villages",
    );
}

#[test]
fn dates_over_the_days_of_a_story_stay() {
    let page = format!(
        "<html><head><title>Gull Rock, day by day</title></head><body><h1>Gull Rock, day by day</h1><div>\
         <p>Day one: 12 November 2015</p><p>{FIRST}</p><p>{SECOND}</p><p>Day two: 13 November 2015</p><p>{THIRD}</p>\
         <p>{FOURTH}</p></div></body></html>"
    );
    check_kept(&page, "Day one: 12 November 2015");
}
