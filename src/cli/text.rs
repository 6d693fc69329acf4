//! `gongbao text`: the text of one input.

use std::path::PathBuf;

use super::{ALL_FAILED, ConfigFile, Ended, Failure, Ocr, print};
use crate::batch::Pages;
use crate::output;
use extract::ReadOptions;

#[derive(clap::Args)]
pub struct Arguments {
    input: PathBuf,
    /// As extracted, before repair
    #[arg(long)]
    raw: bool,
    /// Only these pages, e.g. 1-40
    #[arg(long, value_name = "FIRST-LAST", value_parser = super::pages)]
    pages: Option<Pages>,
    /// Which pages of a PDF are read by OCR
    #[arg(long, value_enum, default_value = "auto")]
    ocr: Ocr,
    #[command(flatten)]
    config: ConfigFile,
}

pub fn text(arguments: &Arguments) -> Ended {
    let config = arguments.config.load()?;
    let reader = arguments.ocr.reader(&config, rayon::current_num_threads());
    let options = ReadOptions {
        pages: arguments.pages.map(|p| p.first..=p.last),
        ocr: Some(&reader),
        ..ReadOptions::default()
    };
    let input = &arguments.input;
    let extracted = extract::lines(input, &config.extract.page_marker, &options)
        .map_err(|e| Failure(ALL_FAILED, format!("{}: {e}", input.display())))?;
    print(&if arguments.raw {
        output::raw_text(&extracted.lines)
    } else {
        output::text(&extracted, &config)
    })
}
