package dev.selvedge.server.fake.wire;

/** Does to one connection what its plans say. */
final class FaultChannel {

    /** Takes up the plan of an exchange. */
    void planned(WireExchange exchange) { }
}
