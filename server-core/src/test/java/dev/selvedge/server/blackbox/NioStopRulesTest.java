package dev.selvedge.server.blackbox;

import dev.selvedge.contract.HttpStopRules;

class NioStopRulesTest extends HttpStopRules {

    @Override
    protected String transport() {
        return "nio";
    }
}
