//! Compiles `rung/v1/*.proto` with protox, so that no protoc is needed on the machine.

use std::{env, fs, path::PathBuf};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed=rung");
    let mut protos: Vec<PathBuf> = fs::read_dir("rung/v1")?
        .map(|entry| entry.map(|e| e.path()))
        .collect::<Result<_, _>>()?;
    protos.retain(|path| path.extension().is_some_and(|e| e == "proto"));
    protos.sort();

    let mut compiler = protox::Compiler::new(["."])?;
    compiler
        .include_imports(true)
        .include_source_info(true)
        .open_files(&protos)?;

    // prost-types drops custom options, and with them the access rules: the bytes written here keep them.
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(
        out.join("rung.v1.bin"),
        compiler.encode_file_descriptor_set(),
    )?;

    let mut config = prost_build::Config::new();
    config.enable_type_names();
    tonic_prost_build::configure()
        .compile_fds_with_config(compiler.file_descriptor_set(), config)?;
    Ok(())
}
