package dev.selvedge.server.blackbox;

import dev.selvedge.contract.HttpFileRules;

class NioFileRulesTest extends HttpFileRules {

    @Override
    protected String transport() {
        return "nio";
    }
}
