package dev.selvedge.server;

/**
 * What takes all paths below a prefix.
 *
 * @param prefix as it was written
 * @param prefixOctets its length in canonical form, 0 for the root
 * @param destination what is mounted
 */
record Mount(String prefix, int prefixOctets, Destination destination) implements Destination {

    @Override
    public Route select(String method, byte[] path, int from, int to, boolean asterisk) {
        return destination.select(method, path, from + prefixOctets, to, asterisk);
    }
}
