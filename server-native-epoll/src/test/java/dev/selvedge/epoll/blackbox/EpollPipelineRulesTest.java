package dev.selvedge.epoll.blackbox;

import dev.selvedge.contract.HttpPipelineRules;

class EpollPipelineRulesTest extends HttpPipelineRules {

    @Override
    protected String transport() {
        return "epoll";
    }
}
