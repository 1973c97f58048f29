package dev.weft.control.ads;

import dev.weft.translate.Translation;

/** What all connections share. Thread-safe. */
record AdsCore(
    AdsSettings settings,
    Translation translation,
    AdsMetrics metrics,
    Views views,
    SendBudget budget,
    RefusalBoard refusals,
    DebugDesk debug) {}
