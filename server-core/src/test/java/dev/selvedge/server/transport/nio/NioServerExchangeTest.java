package dev.selvedge.server.transport.nio;

import dev.selvedge.contract.ServerExchangeContract;

class NioServerExchangeTest extends ServerExchangeContract {

    @Override
    protected String transport() {
        return "nio";
    }
}
