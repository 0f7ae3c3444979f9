//! The table of one class of length: a row for each language, a column for each detector.

use std::hint::black_box;

use crate::Texts;
use crate::detectors::Detector;

/// Prints how every detector does on the texts of one class of length.
pub fn print(name: &str, number: usize, texts: &Texts, detectors: &[Box<dyn Detector>]) {
    println!("\n{name}");
    print!("{:10} {:>6}", "language", "texts");
    detectors.iter().for_each(|detector| print!(" {:>10}", detector.name()));
    println!();
    let mut sums = vec![(0.0, 0_usize, 0.0); detectors.len()];
    for ((_, language), of_language) in texts.iter().filter(|((length, _), _)| *length == number) {
        print!("{language:10} {:>6}", of_language.len());
        for (detector, sum) in detectors.iter().zip(&mut sums) {
            let started = processor_seconds();
            for text in of_language {
                black_box(detector.detect(text));
            }
            sum.2 += processor_seconds() - started;
            let right = of_language
                .iter()
                .filter(|text| primary(&detector.detect(text)) == language);
            let share = right.count() as f64 / of_language.len() as f64;
            sum.0 += share;
            sum.1 += of_language.len();
            print!(" {share:>10.3}");
        }
        println!();
    }
    let languages = texts.keys().filter(|(length, _)| *length == number).count();
    print!("{:10} {:>6}", "mean", sums.first().map_or(0, |sum| sum.1));
    sums.iter()
        .for_each(|sum| print!(" {:>10.3}", sum.0 / languages as f64));
    print!("\n{:17}", "µs a text");
    sums.iter()
        .for_each(|sum| print!(" {:>10.1}", sum.2 / sum.1 as f64 * 1e6));
    println!();
}

fn primary(tag: &str) -> &str {
    tag.split('-').next().unwrap_or(tag)
}

/// Seconds that this thread has run on a processor (the first field of schedstat, in nanoseconds).
fn processor_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = text
        .split_whitespace()
        .next()
        .and_then(|field| field.parse::<f64>().ok());
    nanoseconds.unwrap_or_default() / 1e9
}
