lock table ml.sentiment_models in share row exclusive mode
