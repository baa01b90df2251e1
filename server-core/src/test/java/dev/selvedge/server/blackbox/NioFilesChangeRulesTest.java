package dev.selvedge.server.blackbox;

import dev.selvedge.contract.HttpFilesChangeRules;

class NioFilesChangeRulesTest extends HttpFilesChangeRules {

    @Override
    protected String transport() {
        return "nio";
    }
}
