export default {
  output: 'export',
  webpack: (config) => {
    config.resolve.fallback = { ...config.resolve.fallback, module: false }; // MuJoCo asks for it in Node only
    return config;
  },
};
