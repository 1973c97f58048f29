package dev.weft.config;

/** What WorkloadEntries of a kind have in common, for people who write them. */
public record WorkloadGroup(ObjectMeta meta) implements ConfigObject {}
