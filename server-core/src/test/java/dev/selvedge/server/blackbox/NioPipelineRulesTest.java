package dev.selvedge.server.blackbox;

import dev.selvedge.contract.HttpPipelineRules;

class NioPipelineRulesTest extends HttpPipelineRules {

    @Override
    protected String transport() {
        return "nio";
    }
}
