package dev.weft.lab.node;

import dev.weft.lab.container.ContainerRuntime.Container;

/** One run of a container. */
record RunningContainer(String id, int run, Container process, ProbeTarget target, Prober prober) {}
