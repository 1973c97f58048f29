package dev.weft.control.ads;

import dev.weft.loop.Clock;
import dev.weft.translate.Translation;
import java.util.function.BooleanSupplier;

/**
 * What all connections share. Thread-safe.
 *
 * @param full whether there is no room for another one
 */
record AdsCore(
    AdsSettings settings,
    Translation translation,
    AdsMetrics metrics,
    Views views,
    SendBudget budget,
    BooleanSupplier full,
    RefusalBoard refusals,
    DebugDesk debug,
    Clock clock) {}
