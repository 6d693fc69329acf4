//! `gongbao models`: the models of OCR are put in place.

use std::path::PathBuf;

use super::{ALL_FAILED, ConfigFile, Ended, Failure, print};
use extract::ocr;

#[derive(clap::Args)]
pub struct Arguments {
    /// Take them from the .whl file of rapidocr 3.10.0, or from a folder that holds that or the .onnx files, instead of the network
    #[arg(long, value_name = "FILE-OR-FOLDER")]
    from: Option<PathBuf>,
    #[command(flatten)]
    config: ConfigFile,
}

pub fn models(arguments: &Arguments) -> Ended {
    let config = arguments.config.load()?;
    let installed = ocr::models::install(&config.ocr.models, arguments.from.as_deref())
        .map_err(|e| Failure(ALL_FAILED, e.to_string()))?;
    match installed.n_written {
        0 => eprintln!("The models are there already."),
        1 => eprintln!("The model that was missing was written."),
        _ => eprintln!("The models were written."),
    }
    if !installed.licence {
        eprintln!(
            "Their licence (Apache-2.0) does not lie beside them: keep MODEL_LICENSES.md of the package with them if you pass them on."
        );
    }
    let paths: Vec<String> = installed
        .paths
        .iter()
        .map(|path| format!("{}\n", path.display()))
        .collect();
    print(&paths.concat())
}
