package dev.selvedge.server.files;

import java.nio.file.Path;

/**
 * What was found where names lead.
 *
 * @param path where it is; below the root, without links if they are not followed everywhere
 * @param stat what it is; null for the root, and for a directory that was not looked at because the next look-up does
 * @param guarded whether nobody but the owner of the root could put something else in the place of a directory between
 *     the root and here, while somebody looks
 */
record Spot(Path path, Stat stat, boolean guarded) { }
