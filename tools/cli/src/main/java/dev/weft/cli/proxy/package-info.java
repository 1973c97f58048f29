/** Commands that look into proxies. */
@NullMarked
package dev.weft.cli.proxy;

import org.jspecify.annotations.NullMarked;
