package dev.weft.console.view;

import dev.weft.config.ConfigSet;
import dev.weft.snapshot.MeshSnapshot;

/** What was read, and the picture that was made of it. */
public record Moment(ConfigSet config, MeshSnapshot snapshot) {}
