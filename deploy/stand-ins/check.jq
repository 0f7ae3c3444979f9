# Compares what a consumer read with what the press promised.
#
#   jq -n --slurpfile truth truth.json --slurpfile articles … --slurpfile duplicates … --slurpfile fates … \
#      --slurpfile fetched … -f check.jq
#
# `fetched` is the list of fetch ids, as JSON strings. Gives {counts, waiting, in_flight, wrong}: the articles
# without a fate yet, fetches without one, and every promise that is broken, in words; empty when all is well.

def repeated(key): group_by(key) | map(select(1 < length) | .[0] | key);
def count(name): map(select(.fate == name)) | length;

$truth[0].articles as $promised
# Events about articles stand among them: an original that came later than a copy takes its place.
| ($articles | map(select(.change == "repointed"))) as $repointed
| ($articles | map(select(.change != "repointed"))) as $articles
| ($duplicates | map(select(.change != "repointed"))) as $duplicates
# Entries that were never fetched are outside of the sum over fetch ids.
| ($fates | map(select(.fate != "not_fetched"))) as $ended
| ($fates | group_by(.requested_url) | map({key: .[0].requested_url, value: .}) | from_entries) as $by_url
# What became of each article. `unchanged` is a second look at one whose first look had a fate of its own.
| ($promised | map(. as $article | {
    article: $article,
    fates: [$article.requested_urls | unique | .[] | $by_url[.] // [] | .[] | select(.fate != "unchanged")]
  })) as $outcomes
| {
  counts: {
    promised: ($promised | length),
    promised_published: ($promised | count("published")),
    promised_duplicates: ($promised | count("duplicate")),
    fetched: ($fetched | length),
    published: ($articles | length),
    duplicates: ($duplicates | length),
    repointed: ($repointed | length),
    filtered: ($fates | count("filtered")),
    unchanged: ($fates | count("unchanged")),
    dead: ($fates | count("dead")),
    not_fetched: ($fates | count("not_fetched"))
  },
  waiting: ($outcomes | map(select(.fates == []) | .article.slug)),
  in_flight: (($fetched | length) - ($ended | length)),
  wrong: (
    [$articles | repeated([.id, .version])[] | "article \(.[0]) version \(.[1]) is on the articles topic twice"]
    + [$duplicates | repeated([.id, .version])[] | "copy \(.[0]) is on the duplicates topic twice"]
    + [$fetched | repeated(.)[] | "fetch \(.) is on the fetched topic twice"]
    + [$ended | repeated(.fetch_id)[] | "fetch \(.) has two fates"]
    + [($ended | map(.fetch_id)) - $fetched | .[] | "fetch \(.) has a fate but was never fetched"]
    + [$fetched - ($ended | map(.fetch_id)) | .[] | "fetch \(.) has no fate"]
    + [$outcomes[] | select(1 < (.fates | length)) | "\(.article.slug) was taken \(.fates | length) times"]
    + [$outcomes[] | select(.fates == []) | "\(.article.slug) is lost: nothing became of it"]
    + [$outcomes[] | select(.fates[0].fate == "dead") | "\(.article.slug) is in the dead letters: \(.fates[0].reason)"]
    + [($fates | map(select(.fate == "published") | .article_id)) - ($articles | map(.id)) | .[] |
        "article \(.) has the fate published but is not on the articles topic"]
    + (if ($fates | count("published")) == ($articles | length) then [] else
        ["\($fates | count("published")) fates say published, \($articles | length) articles are there"] end)
    + (if ($fates | count("duplicate")) == ($duplicates | length) then [] else
        ["\($fates | count("duplicate")) fates say duplicate, \($duplicates | length) copies are there"] end)
    # Which of two equal articles comes first depends on how hosts are fetched side by side; how many are originals in
    # the end does not.
    + [$repointed | repeated(.id)[] | "article \(.) was re-pointed twice"]
    + [($repointed | map(.id)) - ($articles | map(.id)) | .[] | "\(.) was re-pointed but never published"]
    + (if ($articles | length) - ($repointed | length) == ($promised | count("published")) then [] else
        ["\($articles | length) articles are published and \($repointed | length) of them re-pointed, \($promised | count("published")) were promised"] end)
    + (if ($duplicates | length) + ($repointed | length) == ($promised | count("duplicate")) then [] else
        ["\($duplicates | length) copies were found and \($repointed | length) were published first, \($promised | count("duplicate")) were promised"] end)
  )
}
