package dev.selvedge.server.transport.nio;

import dev.selvedge.contract.ServerLifecycleContract;

class NioServerLifecycleTest extends ServerLifecycleContract {

    @Override
    protected String transport() {
        return "nio";
    }
}
