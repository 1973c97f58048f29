package dev.weft.lab.supervisor;

final class LabDaemon {}
