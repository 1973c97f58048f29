package dev.weft.bench.scale;

/** What an action works with. */
record Bench(
    ScaleOptions options,
    Estate estate,
    ControlPlaneProcess control,
    Fleet fleet,
    Edits edits,
    Meter meter) {}
